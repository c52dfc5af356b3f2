/** The words of the model browser. */
export const library = {
  title: "Models",
  search: "Search models",
  all: "All",
  nothing: "No model answers to that.",
  use: (name: string) => `Use ${name}`,
  used: (name: string) => `Use ${name}`,
  unusable: "No node loads this kind of model.",
  kind: (kind: string) => {
    const words = kind.replaceAll("_", " ");
    return words === "vae" ? "VAE" : words.charAt(0).toUpperCase() + words.slice(1);
  },
  fetch: "Fetch",
  fetchTitle: "Fetch from the Hugging Face hub",
  repository: "Owner/name",
  repositoryHint: "The owner and the name, such as owner/model",
  file: "File, such as model.safetensors",
  folder: "Folder",
  tell: "tell by the file",
  running: (done: string, total: string) => `${done} of ${total}`,
  starting: "Asking the hub",
  done: (kind: string) => `Arrived in ${kind}`,
};
