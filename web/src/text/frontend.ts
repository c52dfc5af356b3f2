/** The words of node types that only the editor knows. */
export const frontend = {
  note: {
    title: "Note",
    description: "Words for people. It does not run.",
    aliases: ["comment", "text", "sticky"],
  },
  markdown: {
    title: "Markdown Note",
    description: "Words for people, with headings, lists and links. It does not run.",
    aliases: ["comment", "text", "sticky", "documentation"],
  },
  reroute: {
    title: "Reroute",
    description: "A point that a wire passes.",
    aliases: ["dot", "elbow"],
  },
};
