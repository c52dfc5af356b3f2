// A page that runs a shipped workflow: it fills a form, follows the run over the socket, and shows the picture.

const $ = (id) => document.getElementById(id);
const client = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
let workflow = null;
let job = null;
let titles = {};

async function json(path, options) {
  const answer = await fetch(path, options);
  const tree = await answer.json();
  if (!answer.ok) throw new Error([tree.error?.message, tree.error?.details].filter(Boolean).join(". "));
  return tree;
}

function make(tag, attributes = {}, ...children) {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...children);
  return element;
}

function control(field) {
  if (field.kind === "text") return make("textarea", { value: field.value ?? "" });
  if (field.kind === "file") return make("input", { type: "text", value: field.value ?? "" });
  return make("input", { type: "text", inputMode: "decimal", value: field.value ?? "" });
}

function row(field) {
  const input = control(field);
  input.name = field.name;
  const label = make("label", { className: field.kind === "number" ? "" : "wide" }, field.label);
  if (field.kind !== "seed") {
    label.append(input);
    return label;
  }
  const dice = make("button", { type: "button", textContent: "new", title: "Another seed" });
  dice.onclick = () => { input.value = String(Math.floor(Math.random() * 2 ** 52)); };
  label.append(make("span", { className: "seed" }, input, dice));
  return label;
}

async function choose(name) {
  const [tree, form] = await Promise.all([json(`/templates/${name}.json`), json(`/safelight/templates/${name}`)]);
  workflow = tree;
  titles = Object.fromEntries((tree.nodes ?? []).map((node) => [String(node.id), node.title || node.type]));
  $("about").textContent = form.about.replace(/^#+ .*$/gm, "").replace(/[*_`]/g, "").trim();
  $("fields").replaceChildren(...form.fields.map(row));
}

function show(url, alt) {
  const picture = $("picture");
  picture.onload = () => picture.classList.toggle("small", picture.naturalWidth <= 256);
  picture.src = url;
  picture.alt = alt;
  picture.hidden = false;
  $("empty").hidden = true;
}

function progress(part, text) {
  $("bar").firstElementChild.style.width = `${100 * part}%`;
  $("bar").setAttribute("aria-valuenow", String(Math.round(100 * part)));
  $("state").textContent = text;
}

function fail(text) {
  $("error").hidden = !text;
  $("error").textContent = text;
}

function busy(yes) {
  $("run").disabled = yes;
  $("stop").hidden = !yes;
}

async function run(event) {
  event?.preventDefault();
  if ($("run").disabled) return;
  fail("");
  busy(true);
  $("nodes").replaceChildren();
  progress(0, "Waiting for the worker …");
  $("stage").scrollIntoView({ block: "nearest" });
  const set = Object.fromEntries([...$("fields").querySelectorAll("[name]")].map((one) => [one.name, one.value]));
  try {
    job = (await json("/safelight/run", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ workflow, set, client_id: client, title: $("workflow").value }),
    })).id;
    follow(job);
  } catch (error) {
    busy(false);
    progress(0, "");
    fail(error.message);
  }
}

async function follow(id) {
  // The socket tells at once; this asks as well, so that a connection that was lost loses nothing.
  const told = await json(`/safelight/jobs/${id}?wait=600`).catch((error) => ({ error: { text: error.message } }));
  if (id !== job) return;
  busy(false);
  if (told.state !== "done") {
    progress(0, told.state === "cancelled" ? "Stopped." : "");
    fail(told.state === "cancelled" ? "" : told.error?.text ?? "The job failed.");
    return;
  }
  progress(1, `Done in ${told.seconds.toFixed(1)} s.`);
  const pictures = told.files.filter((file) => file.kind === "images");
  if (pictures.length) show(pictures[0].url, "The picture that was made");
  $("shelf").prepend(...pictures.map((file) => thumbnail(file.url)));
  $("nodes").replaceChildren(...Object.entries(told.nodes).map(([id, node]) => make(
    "li", {}, make("b", { textContent: node.title || titles[id] || node.type }), make("span", { textContent: node.why || node.state }),
  )));
}

function thumbnail(url) {
  const button = make("button", { type: "button", title: "Look at it" });
  button.append(make("img", { src: `${url}&preview=webp;80`, alt: "An earlier picture" }));
  button.onclick = () => show(url, "An earlier picture");
  return button;
}

function hear(message) {
  if (typeof message.data !== "string") return preview(message.data);
  const { type, data } = JSON.parse(message.data);
  if (data.prompt_id !== job) return;
  const name = titles[data.node] ?? "";
  if (type === "executing" && data.node) progress(0, `${name} …`);
  if (type === "progress") progress(data.value / data.max, `${name}: ${data.value} of ${data.max}`);
}

let last = "";
async function preview(blob) {
  const head = new DataView(await blob.slice(0, 8).arrayBuffer());
  if (head.getUint32(0) !== 1 || $("run").disabled === false) return;
  const url = URL.createObjectURL(blob.slice(8, blob.size, head.getUint32(4) === 2 ? "image/png" : "image/jpeg"));
  show(url, "A preview");
  if (last) URL.revokeObjectURL(last);
  last = url;
}

function connect() {
  const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws?clientId=${client}`);
  socket.onmessage = hear;
  socket.onclose = () => setTimeout(connect, 1000);
}

async function health() {
  try {
    const told = await json("/safelight/health");
    const trouble = told.workers.map((worker) => worker.trouble).find(Boolean);
    $("health").textContent = told.status === "ok" ? "Ready." : trouble || "The worker is warming up …";
    setTimeout(health, told.status === "ok" ? 15000 : 700);
  } catch {
    $("health").textContent = "The server does not answer.";
    setTimeout(health, 2000);
  }
}

$("form").onsubmit = run;
$("stop").onclick = () => fetch(`/api/jobs/${job}/cancel`, { method: "POST" });
$("workflow").onchange = () => choose($("workflow").value).catch((error) => fail(error.message));
addEventListener("keydown", (event) => { if ((event.ctrlKey || event.metaKey) && event.key === "Enter") run(event); });
connect();
health();
const names = await json("/safelight/templates");
$("workflow").append(...names.map((name) => make("option", { value: name, textContent: name.replaceAll("_", " ") })));
await choose(names[0]);
