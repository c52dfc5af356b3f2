import { expect, test } from "vitest";
import { newNode } from "../src/model/edit";
import { shapeOf, showsPicture } from "../src/model/shape";
import { type NodeInfo, readCatalogue } from "../src/model/spec";
import { isFilm, isSound, isStill } from "../src/panel/viewer/film";

const info = (name: string, required: Record<string, unknown>, root = false): NodeInfo => ({
  input: { required: required as never },
  output: [],
  name,
  output_node: root,
});
const CATALOGUE = readCatalogue({
  LoadVideo: info("LoadVideo", { file: [["a.mp4"], { video_upload: true }] }),
  LoadAudio: info("LoadAudio", { audio: [["a.mp3"], { audio_upload: true }] }),
  SaveVideo: info("SaveVideo", { video: ["VIDEO", {}], codec: [["auto"], { hidden: true }] }, true),
  SaveAudio: info("SaveAudio", { audio: ["AUDIO", {}] }, true),
  EmptyAudio: info("EmptyAudio", { duration: ["FLOAT", {}] }),
});
const of = (filename: string) => ({ filename, subfolder: "", type: "output" });

test("a file is a picture, a film or a sound by its ending", () => {
  expect(["a.png", "a.MP4", "a.webm", "a.flac", "a.gif"].map((name) => isFilm(of(name)))).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
  expect(["a.opus", "a.Mp3", "a.mp4"].map((name) => isSound(of(name)))).toEqual([true, true, false]);
  expect(["a.png", "a.gif", "a.mp4", "a.wav"].map((name) => isStill(of(name)))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test("each kind of upload is told apart, and what is hidden is not there", () => {
  const uploads = ["LoadVideo", "LoadAudio"].map((type) => {
    const widget = CATALOGUE[type]?.inputs[0]?.widget;
    return widget?.kind === "choice" ? widget.upload : null;
  });
  expect(uploads).toEqual(["video", "audio"]);
  expect(CATALOGUE.SaveVideo?.inputs.map((one) => one.name)).toEqual(["video"]);
});

test("nodes of films and sounds have a place to play them, a low one where there is nothing to see", () => {
  const place = (type: string) => {
    const spec = CATALOGUE[type];
    if (!spec) throw new Error(type);
    return shapeOf(newNode("1", spec, { x: 0, y: 0 }), spec).picture?.height ?? 0;
  };
  expect(showsPicture(CATALOGUE.EmptyAudio)).toBe(false);
  expect(place("EmptyAudio")).toBe(0);
  expect(place("SaveAudio")).toBeGreaterThan(0);
  expect(place("SaveVideo")).toBeGreaterThan(2 * place("SaveAudio"));
  expect(place("LoadVideo")).toBe(place("SaveVideo"));
});
