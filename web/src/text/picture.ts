/** The words of what can be done with a picture. */
export const picture = {
  menu: "Picture…",
  view: "Open in the viewer",
  compare: (name: string) => `Compare with ${name}`,
  compareNone: "Compare with the one in the viewer",
  copy: "Copy the picture",
  copyName: "Copy its name",
  save: "Save as a file",
  workflow: "Open its workflow",
  mask: "Paint a mask on it",
  use: "Use it as an input",
  into: (title: string) => `Use it in ${title}`,
  copied: "The picture is copied",
  copiedName: (name: string) => `Copied: ${name}`,
  noClipboard: "This browser does not let the page copy. Save the picture as a file instead.",
};
