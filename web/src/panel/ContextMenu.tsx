import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { PALETTE } from "../canvas/color";
import type { Command } from "../command/command";
import { commandOf } from "../command/commands";
import { several, working } from "../command/condition";
import { colorChosen } from "../command/edit";
import { pictureCommands } from "../command/picture";
import { isInstance, promoteInput } from "../command/place";
import { isBorder } from "../model/focus";
import { isPromoted } from "../model/form";
import { changeFrame, removeFrames } from "../model/frame";
import { wireAt } from "../model/geometry";
import { canPromote } from "../model/group";
import { addPoint, removePoint } from "../model/route";
import { cut } from "../model/wire";
import { picturesOf } from "../run/bound";
import { togglePromoted } from "../simple/PinButton";
import { specs } from "../store/catalogue";
import { apply, current } from "../store/document";
import { shortcutsOf } from "../store/shortcut";
import { type Menu, show, useView } from "../store/view";
import { text } from "../text";
import { picture as ofPicture } from "../text/picture";
import { simple } from "../text/simple";
import { words } from "../text/subgraph";
import { Keys } from "./CommandPalette";
import { Icon, type IconName } from "./Icon";

type Entry = Command | "line" | "colors" | "arrange";

const of = (...ids: string[]): Entry[] =>
  ids.map((id) => (id === "line" || id === "colors" ? id : commandOf(id)));

const plain = (id: string, label: string, run: () => void): Command => ({
  id,
  label,
  group: "",
  keys: [],
  run,
});

function promotion({ id, input }: { id: string; input?: string | undefined }): Entry[] {
  if (!input || current().inside) return [];
  const words = isPromoted(current(), id, input) ? simple.demote : simple.promote;
  return [plain("promote", `${words}: ${input}`, () => togglePromoted(id, input)), "line"];
}

function entriesOf(menu: Menu): Entry[] {
  const { target } = menu;
  switch (target.kind) {
    case "canvas":
      return [
        plain("add-here", text.command.add, () =>
          show({ adding: { screen: menu.screen, place: menu.place, wire: null } }),
        ),
        ...of("note", "line", "paste", "select-all", "line", "tidy", "fit", "find"),
      ];
    case "picture":
      return pictureCommands(target)
        .filter((group) => group.length > 0)
        .flatMap((group, index): Entry[] => (index > 0 ? ["line", ...group] : group));
    case "node":
      return working() ? ofNode(menu, target) : ofNote();
    case "frame":
      return [
        ...of("rename", "copy", "duplicate"),
        "colors",
        "line",
        plain("remove-frame", text.command.remove, () =>
          apply(text.edit.remove(1), removeFrames([target.id])),
        ),
      ];
    case "link":
      return [
        ...points(menu, target),
        plain("cut-link", text.edit.cut, () => apply(text.edit.cut, cut([target.id]))),
      ];
  }
}

/** What can be done with nodes that run, and with notes chosen along with them. */
function ofNode(menu: Menu, target: { id: string; input?: string | undefined }): Entry[] {
  const inner = isInstance(target.id) ? ["enter", "rename-subgraph", "unpack", "line"] : [];
  return [
    ...pictured(menu, target.id),
    ...promotion(target),
    ...shownOutside(target),
    ...of(...inner, ...(several() ? ["tidy", "connect"] : ["run-here", "wire", "values"])),
    ...(several() ? (["arrange"] as const) : []),
    ...of("line", "rename", "collapse", "mute", "bypass", "pin", "frame", "group", "colors", "line"),
    ...of("copy", "duplicate", "reset", "line", "dissolve", "remove"),
  ];
}

/** A note is only written, moved and coloured: nothing of it runs, and it has no sockets. */
const ofNote = (): Entry[] => [
  ...(several() ? (["arrange", "line"] as const) : []),
  ...of(
    "edit",
    "rename",
    "collapse",
    "pin",
    "frame",
    "colors",
    "line",
    "copy",
    "duplicate",
    "line",
    "remove",
  ),
];

/** What is done with the points of a wire: one is put where the wire was pressed, or that taken away which was. */
function points({ place }: Menu, { id, point }: { id: number; point?: number | undefined }): Entry[] {
  if (point !== undefined)
    return [
      plain("remove-point", words.removePoint, () =>
        apply(words.removePoint, (document) => removePoint(document, point)),
      ),
    ];
  const found = wireAt(current(), place, specs(), Number.POSITIVE_INFINITY, id);
  if (!found) return [];
  return [
    plain("add-point", words.point, () =>
      apply(words.point, (document) => addPoint(document, id, place, found.after)),
    ),
  ];
}

/** The menu of the picture that a node shows, one step further. */
function pictured(menu: Menu, node: string): Entry[] {
  const row = picturesOf(node);
  const [picture] = row;
  if (!picture) return [];
  const open = () => show({ menu: { ...menu, target: { kind: "picture", picture, row, node } } });
  return [plain("picture", ofPicture.menu, open), "line"];
}

/** Inside a subgraph: letting a value be entered outside. */
function shownOutside({ id, input }: { id: string; input?: string | undefined }): Entry[] {
  if (input === undefined || isBorder({ type: current().nodes[id]?.type ?? "" })) return [];
  if (!canPromote(current(), id, input)) return [];
  return [plain("show-outside", words.promote(input), () => promoteInput(id, input)), "line"];
}

/** What can be done with what was pressed. */
export function ContextMenu() {
  const menu = useView((state) => state.menu);
  return menu ? <Open menu={menu} /> : null;
}

function Open({ menu }: { menu: Menu }) {
  const element = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: menu.screen.x, top: menu.screen.y });
  const close = () => show({ menu: null });
  useLayoutEffect(() => {
    const box = element.current?.getBoundingClientRect();
    if (!box) return;
    setPlace({
      left: Math.max(8, Math.min(menu.screen.x, innerWidth - box.width - 8)),
      top: Math.max(8, Math.min(menu.screen.y, innerHeight - box.height - 8)),
    });
    const before = document.activeElement as HTMLElement | null;
    const list = element.current;
    list?.querySelector<HTMLElement>("button:not(:disabled)")?.focus();
    return () => {
      if (list?.contains(document.activeElement)) before?.focus({ preventScroll: true });
    };
  }, [menu]);
  useEffect(() => {
    const outside = (event: Event) =>
      !element.current?.contains(event.target as Node) && show({ menu: null });
    addEventListener("pointerdown", outside, true);
    return () => removeEventListener("pointerdown", outside, true);
  }, []);
  const key = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") close();
    const by = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by) {
      const all = [...(element.current?.querySelectorAll<HTMLElement>("button:not(:disabled)") ?? [])];
      const at = all.indexOf(document.activeElement as HTMLElement);
      all[(at + by + all.length) % all.length]?.focus();
      event.preventDefault();
    }
  };
  return (
    <div
      ref={element}
      className="menu"
      role="menu"
      tabIndex={-1}
      style={place}
      onKeyDown={key}
      onContextMenu={(event) => event.preventDefault()}
    >
      {entriesOf(menu).map((entry, index) =>
        entry === "line" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no names
          <hr key={index} />
        ) : entry === "colors" ? (
          <Colors key="colors" menu={menu} close={close} />
        ) : entry === "arrange" ? (
          <Arrange key="arrange" close={close} />
        ) : (
          <button
            key={entry.id}
            type="button"
            role="menuitem"
            disabled={entry.can ? !entry.can() : false}
            onClick={() => {
              close();
              entry.run();
            }}
          >
            <span>{entry.label}</span>
            <Keys keys={shortcutsOf(entry)[0]} />
          </button>
        ),
      )}
    </div>
  );
}

const ARRANGING = [
  "align-left",
  "align-right",
  "align-top",
  "align-bottom",
  "spread-across",
  "spread-down",
] as const;

/** Aligning and distributing, one small button each. */
function Arrange({ close }: { close: () => void }) {
  return (
    <div className="menu-arrange">
      {ARRANGING.map(commandOf).map((command, at) => (
        <button
          key={command.id}
          type="button"
          role="menuitem"
          aria-label={command.label}
          title={command.label}
          disabled={command.can?.() === false}
          onClick={() => {
            close();
            command.run();
          }}
        >
          <Icon name={ARRANGING[at] as IconName} />
        </button>
      ))}
    </div>
  );
}

function Colors({ menu, close }: { menu: Menu; close: () => void }) {
  const choose = (color: string) => {
    close();
    if (menu.target.kind === "frame") apply(text.edit.color, changeFrame(menu.target.id, { color }));
    else colorChosen(color);
  };
  return (
    <div className="menu-colors">
      {Object.entries(PALETTE).map(([name, color]) => (
        <button
          key={name}
          type="button"
          role="menuitem"
          aria-label={text.color[name as keyof typeof text.color]}
          title={text.color[name as keyof typeof text.color]}
          data-none={color ? undefined : ""}
          style={{ background: color || undefined }}
          onClick={() => choose(color)}
        />
      ))}
    </div>
  );
}
