// Written by `python -m server.typescript` from what the server publishes of itself; not by hand.

/** Packs that may run from now on, and such that may not from the worker's next start. */
export interface Allowance {
  /** Names of packs. */
  readonly allow?: readonly string[];
  /** Names of packs. */
  readonly forbid?: readonly string[];
}

/** Every node type that is known without packs, and those of packs as clients of ComfyUI read them. */
export interface Catalogue {
  readonly types: Readonly<Record<string, TypeTold>>;
  readonly packs: Readonly<Record<string, unknown>>;
}

/** What is wrong with a workflow. `good` if nothing is. */
export interface CheckTold {
  readonly good: boolean;
  /** By node id, as `node_errors` has them. */
  readonly problems: Readonly<Record<string, unknown>>;
  /** What is wrong with the whole, if anything is. */
  readonly problem: string;
  readonly types: readonly Lacking[];
  readonly models: readonly Lacking[];
  readonly notices: readonly string[];
}

/** Why something was refused. */
export interface Failure {
  /** What kind of problem it is, for programs. */
  readonly type: string;
  /** What is wrong, in a sentence. */
  readonly message: string;
  /** What can be done about it, or more about what is wrong. */
  readonly details: string;
  /** Further facts. */
  readonly extra_info: Readonly<Record<string, unknown>>;
}

/** What to fetch from the Hugging Face hub. */
export interface FetchRequest {
  /** OWNER/NAME. */
  readonly repository: string;
  /** One file of it; empty for a whole diffusers repository. */
  readonly file?: string;
  /** The folder below `models`; empty to tell it by the file. */
  readonly kind?: string;
}

/** A model that is on its way, or came to an end. */
export interface FetchTold {
  readonly id: number;
  readonly repository: string;
  readonly file: string;
  readonly state: "running" | "done" | "failed";
  /** Bytes of the file that is being fetched which are there. */
  readonly done?: number;
  /** Bytes that it will have; 0 while that is not known. */
  readonly total?: number;
  /** The folder that it went to. */
  readonly kind?: string;
  /** What it is called there. */
  readonly name?: string;
  readonly problem?: string;
}

/** The models that are on their way, or arrived since the server began. */
export interface FetchesTold {
  readonly fetches?: readonly FetchTold[];
}

/** One input to fill in. */
export interface FieldTold {
  /** `NODE.INPUT`, as `set` of a run takes it. */
  readonly name: string;
  readonly label: string;
  /** `text`, `seed`, `number`, `file`, `choice` or `toggle`. */
  readonly kind: string;
  readonly value: unknown;
  /** Whether few people need it. */
  readonly more?: boolean;
  /** Words that go at the end of a text: styles. */
  readonly phrases?: readonly string[];
}

/** A file that a node saved or showed. */
export interface FileTold {
  /** The node's id. */
  readonly node: string;
  /** `images`, `audio`, ... */
  readonly kind: string;
  readonly filename: string;
  readonly subfolder: string;
  /** The folder: `output`, `temp` or `input`. */
  readonly type: string;
  /** Where it can be had from this server. */
  readonly url: string;
}

/** One place of a pack's code that could reach out. */
export interface FindingTold {
  /** `network`, `programs`, `files`, `code` or `installs`. */
  readonly access: string;
  readonly what: string;
  readonly file: string;
  readonly line: number;
}

/** The main inputs of a workflow, and what its note says. */
export interface FormTold {
  readonly name: string;
  readonly about: string;
  readonly fields: readonly FieldTold[];
}

/** A page of the history, newest first. */
export interface Found {
  readonly jobs: readonly JobListed[];
  readonly total: number;
  readonly next: number | null;
}

/** What an output gave. Without `kept` there is nothing to look at, and the rest says nothing. */
export interface Glance {
  /** Whether the value is still there to be looked at. */
  readonly kept: boolean;
  /** What it says of itself: a number, a text, which model. */
  readonly text?: string;
  /** Each with name, shape, dtype and, where it has numbers, min, max, mean. */
  readonly tensors?: readonly Readonly<Record<string, unknown>>[];
  /** How many further tensors it has. */
  readonly more?: number;
  /** How many values came one after the other; the first is shown. */
  readonly items?: number | null;
  /** A small picture of it, as a data: address. */
  readonly picture?: string | null;
  /** The node type that made it. */
  readonly made?: string;
  /** How long that took. */
  readonly seconds?: number;
}

/** Inputs that are added as they are used, all like `one`. */
export interface GrowTold {
  readonly one: InputTold;
  readonly names: readonly string[];
  /** How many of the names must be set. */
  readonly min: number;
}

/** How the server is. */
export interface Health {
  /** `ok`; `starting` while no worker is ready yet. */
  readonly status: string;
  readonly version: string;
  /** Jobs that run. */
  readonly running: number;
  /** Jobs that wait. */
  readonly waiting: number;
  readonly paused: boolean;
  readonly workers: readonly WorkerTold[];
}

/** One input of a node type. */
export interface InputTold {
  readonly name: string;
  /** The socket's type. */
  readonly type: string;
  readonly required: boolean;
  readonly has_default: boolean;
  readonly default: unknown;
  /** It is computed only if the node asks for it. */
  readonly lazy: boolean;
  /** It takes a whole list. */
  readonly many: boolean;
  readonly tip: string;
  /** What it holds without a wire: `kind`, and that kind's fields. */
  readonly widget: Readonly<Record<string, unknown>> | null;
  /** The inputs that are added here as they are used. */
  readonly grow?: GrowTold | null;
}

/** A job in a list. */
export interface JobListed {
  readonly id: string;
  readonly status: "pending" | "in_progress" | "completed" | "failed" | "cancelled";
  readonly state: "queued" | "running" | "done" | "failed" | "cancelled";
  readonly priority: number;
  /** Milliseconds since 1970. */
  readonly create_time: number;
  readonly title: string;
  readonly client_id: string | null;
  readonly attempt: number;
  readonly models: readonly string[];
  readonly worker: string | null;
  readonly outputs_count: number;
  readonly previewable_outputs_count: number;
  /** Milliseconds since 1970. */
  readonly execution_start_time?: number;
  /** Milliseconds since 1970. */
  readonly execution_end_time?: number;
  /** Why it failed. */
  readonly execution_error?: Readonly<Record<string, unknown>>;
  /** One of the pictures that it made. */
  readonly preview_output?: Readonly<Record<string, unknown>>;
  /** The editor's id of the workflow. */
  readonly workflow_id?: string;
}

/** A job as it is now. */
export interface JobTold {
  readonly id: string;
  readonly state: "queued" | "running" | "done" | "failed" | "cancelled";
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** When its last attempt began. */
  readonly started: number | null;
  readonly ended: number | null;
  /** How long the last attempt took, in the worker. */
  readonly seconds: number;
  /** How often it was begun. */
  readonly attempt: number;
  /** What it made that can be fetched. */
  readonly files: readonly FileTold[];
  /** By node id: all that it showed. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** By node id: what became of it, and why. There when the job ended. */
  readonly nodes: Readonly<Record<string, NodeTold>>;
  /** What ended it early: node, type, input, problem, remedy. */
  readonly error: Readonly<Record<string, unknown>> | null;
  /** What was read with tolerance when the job was sent. */
  readonly notices?: readonly string[];
}

/** A node type or a model file that this machine lacks. */
export interface Lacking {
  readonly name: string;
  readonly nodes: readonly string[];
  /** What is lacking and, where the file says so, where it can be had. */
  readonly text: string;
}

/** The models that there are, and those that are on their way. */
export interface LibraryTold {
  readonly models: readonly ModelTold[];
  readonly fetches: readonly FetchTold[];
}

/** One model file. Texts are empty where nothing is known. */
export interface ModelTold {
  /** The folder below `models`. */
  readonly kind: string;
  /** As nodes name it. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** `Stable Diffusion XL`, `Flux`, ... */
  readonly family: string;
  readonly variant: string;
  /** `fp16`, `fp8`, ... */
  readonly precision: string;
  readonly title: string;
  /** Words that call what a LoRA has learnt. */
  readonly triggers: readonly string[];
  /** Why it cannot be used. */
  readonly problem: string;
  /** Where a small picture of it is; empty where there is none. */
  readonly picture: string;
}

/** What became of one node. */
export interface NodeTold {
  /** Its node type. */
  readonly type: string;
  /** What it is called in the workflow. */
  readonly title: string;
  /** `ran`, `memory` or `disk` (a result from before was found), `skipped` or `failed`. */
  readonly state: string;
  /** How long its body took. */
  readonly seconds: number;
  /** Why it ran, or what was found. */
  readonly why: string;
  /** The step at which it was taken up, and of how many. */
  readonly resumed?: readonly number[] | null;
}

/** What a file carries. */
export interface Opened {
  /** The document by name. */
  readonly document: Readonly<Record<string, unknown>>;
}

/** One output slot of a node type. */
export interface OutputTold {
  readonly name: string;
  readonly type: string;
  readonly many: boolean;
  readonly tip: string;
}

/** One pack. What it says of itself was read, not run. */
export interface PackTold {
  readonly name: string;
  /** `loaded`, `broken`, `conflict`, `off`, `waiting` (to be allowed) or `new`. */
  readonly state: string;
  readonly allowed: boolean;
  /** The node types that it gave, or says that it has. */
  readonly nodes: readonly string[];
  /** Node types that cannot be used, each with why. */
  readonly failures: Readonly<Record<string, string>>;
  readonly problem: string;
  readonly remedy: string;
  readonly traceback: string;
  readonly notices: readonly string[];
  /** How long it took to load. */
  readonly seconds: number;
  readonly findings: readonly FindingTold[];
  /** Files that could not be read, each with why. */
  readonly unreadable: readonly string[];
}

/** All packs, of the data folder and of adopted ones. */
export interface PacksTold {
  readonly packs: readonly PackTold[];
}

/** Whether further jobs are taken up. */
export interface Pause {
  readonly paused: boolean;
}

/** The jobs that run, and those that wait in their order. */
export interface QueueTold {
  readonly paused: boolean;
  readonly running: readonly JobListed[];
  readonly waiting: readonly JobListed[];
}

/** The answer to a request that is refused. */
export interface Refusal {
  readonly error: Failure;
  /** By node id: what is wrong with its inputs. */
  readonly node_errors: Readonly<Record<string, unknown>>;
}

/** A workflow to run, or to check. */
export interface RunRequest {
  /** The editor's JSON or API-format JSON. */
  readonly workflow: Readonly<Record<string, unknown>>;
  /** Values for inputs, by `NODE.INPUT`; a node is named by its title, its type or its id. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Run only these nodes, by title, type or id, and what they need; any will do. */
  readonly only?: readonly string[];
  /** Run what can be run, though other outputs have problems. */
  readonly partial?: boolean;
  /** Seconds to wait for the job to end before answering. */
  readonly wait?: number;
  /** Run before all that waits. */
  readonly front?: boolean;
  /** What to call the job in the history. */
  readonly title?: string;
  /** Whose sockets are to hear of it. */
  readonly client_id?: string | null;
}

/** A document by name, to be written as a file. */
export interface SaveRequest {
  /** The document by name. */
  readonly document: Readonly<Record<string, unknown>>;
  /** `workflow`: the editor's JSON; `api`: what `/prompt` takes; `python`: a script that builds it. */
  readonly format?: "workflow" | "api" | "python";
  /** What a script says it was made from. */
  readonly name?: string;
}

/** A node type. */
export interface TypeTold {
  readonly id: string;
  readonly title: string;
  readonly category: string;
  readonly doc: string;
  readonly aliases: readonly string[];
  readonly module: string;
  readonly inputs: readonly InputTold[];
  readonly outputs: readonly OutputTold[];
  /** It is run for what it does: saving or showing. */
  readonly effect: boolean;
  /** Its results are kept. */
  readonly cached: boolean;
  readonly version: number;
  /** What to use instead, if it is given up. */
  readonly deprecated: string;
  readonly experimental: boolean;
}

/** A worker as it is now. */
export interface WorkerTold {
  readonly name: string;
  /** `starting`, `idle`, `busy`, `stopping` or `dead`. */
  readonly state: string;
  readonly device: string;
  /** The id of the job that it runs. */
  readonly job: string | null;
  /** Bytes of memory that it has. */
  readonly rss: number;
  /** Model files whose weights it has. */
  readonly models: readonly string[];
  /** Why it was last lost, or cannot be started. */
  readonly trouble: string;
}
