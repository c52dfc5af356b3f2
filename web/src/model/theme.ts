export type Theme = "dark" | "light";

/** The theme that a person chose, else the one that the system shows. */
export const themeOf = (chosen: string | null, systemIsLight: boolean): Theme =>
  chosen === "light" || chosen === "dark" ? chosen : systemIsLight ? "light" : "dark";
