/** The words of subgraphs and reroute points. */
export const words = {
  title: "Subgraph",
  group: "Make a subgraph of the selection",
  unpack: "Unpack the subgraph",
  enter: "Look into the subgraph",
  leave: "Leave the subgraph",
  promote: (name: string) => `Show ${name} on the subgraph`,
  promoted: (name: string) => `${name} can now be entered on the subgraph`,
  inputs: "Inputs",
  outputs: "Outputs",
  spare: "new",
  rename: (name: string) => `Rename ${name}`,
  remove: (name: string) => `Take ${name} away`,
  trail: "Where you are",
  point: "Add a reroute point",
  movePoint: "Move a reroute point",
  removePoint: "Take away the reroute point",
};
