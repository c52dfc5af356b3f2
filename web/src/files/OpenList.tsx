import { useEffect, useState } from "react";
import { search } from "../model/search";
import { pickFile } from "../panel/FileInput";
import { Palette } from "../panel/Palette";
import { complain } from "../server/complaint";
import { file as say } from "../text/file";
import { useFiles } from "./dialog";
import { type Entry, openEntry, workflows } from "./file";

const COMPUTER = "computer";
type Row = Entry | typeof COMPUTER;

const report = complain;
const nameOf = (row: Row): string => (row === COMPUTER ? say.computer : row.name.replaceAll("_", " "));
const kindOf = (row: Row): string =>
  row === COMPUTER ? "" : row.kind === "template" ? say.template : dateOf(row.modified);
const dateOf = (when: number): string =>
  new Date(when).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

/** The workflows that can be opened: saved ones, templates, and files of this computer. */
export function OpenList() {
  const opening = useFiles((state) => state.opening);
  return opening ? <Shown /> : null;
}

function Shown() {
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  useEffect(() => {
    workflows().then(setEntries).catch(report);
  }, []);
  const close = () => useFiles.setState({ opening: false });
  const rows: Row[] = [COMPUTER, ...entries];
  return (
    <Palette<Row>
      label={say.open}
      placeholder={say.openPlaceholder}
      nothing={say.nothing}
      find={(query) =>
        query.trim() === ""
          ? rows
          : search(query, rows, (row) => ({ name: nameOf(row), others: [], place: kindOf(row) }))
      }
      keyOf={(row) => (row === COMPUTER ? row : `${row.kind}-${row.name}`)}
      row={(row) => (
        <>
          <span className="palette-name">{nameOf(row)}</span>
          <span className="palette-place">{kindOf(row)}</span>
        </>
      )}
      choose={(row) => {
        close();
        if (row === COMPUTER) pickFile();
        else openEntry(row).catch(report);
      }}
      close={close}
    />
  );
}
