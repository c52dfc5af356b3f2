import "@xyflow/react/dist/base.css";
import "./style/token.css";
import "./style/canvas.css";
import "./style/node.css";
import "./style/widget.css";
import "./style/panel.css";
import "./style/viewer.css";
import "./style/subgraph.css";
import "./style/simple.css";
import "./style/file.css";
import "./style/library.css";
import "./style/settings.css";
import "./style/glance.css";
import "./style/scale.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { start } from "./server/start";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
  void start();
}
