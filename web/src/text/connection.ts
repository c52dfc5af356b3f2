/** The words of connecting from a list. */
export const connection = {
  command: "Connect…",
  which: "Which socket?",
  where: "Where does it go?",
  whence: "Where does it come from?",
  nothing: "Nothing fits that.",
  gives: "output",
  takes: "input",
  socket: (title: string) => `Connect ${title}`,
  to: (title: string, type: string) => `${type} of ${title} goes to…`,
  into: (title: string, input: string) => `${input} of ${title} comes from…`,
  from: (title: string) => `from ${title}`,
  wires: (count: number) => (count === 0 ? "" : count === 1 ? "1 wire" : `${count} wires`),
  fresh: (title: string) => `New: ${title}`,
  done: (from: string, to: string) => `${from} and ${to} are connected`,
  menu: "Open the menu",
  area: "Go to the next part of the window",
};
