import { create } from "zustand";
import type { Value } from "../model/value";
import type { JobListed } from "../server/told";
import type { Picture } from "./run";

/** A run as the queue and the history show it. */
export interface Job {
  readonly id: string;
  readonly state: JobListed["state"];
  readonly created: number;
  readonly seconds: number | null;
  readonly pictures: readonly Picture[];
  readonly title: string;
  /** How many files it made that can be shown. */
  readonly count: number;
  readonly models: readonly string[];
}

interface State {
  readonly online: boolean | null;
  /** The job whose nodes light up, and where it stands. */
  readonly shown: string | null;
  readonly queue: readonly Job[];
  /** Whether no further run is taken up. */
  readonly paused: boolean;
  readonly past: readonly Job[];
  /** The seeds of the last run, by node and input. */
  readonly seeds: Readonly<Record<string, Value>>;
  readonly batch: number;
  readonly onChange: boolean;
}

/** The runs: those that wait, the one that runs, and those that ended. */
export const useJobs = create<State>(() => ({
  online: null,
  shown: null,
  queue: [],
  paused: false,
  past: [],
  seeds: {},
  batch: 1,
  onChange: false,
}));

export const isBusy = (state: State): boolean => state.queue.length > 0;
