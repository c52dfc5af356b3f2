import { ReactFlowProvider } from "@xyflow/react";
import { lazy, Suspense, useEffect } from "react";
import { Canvas } from "./canvas/Canvas";
import { Camera } from "./canvas/camera";
import { Empty } from "./canvas/Empty";
import { useKeys } from "./command/keys";
import { MissingSheet } from "./files/MissingSheet";
import { OpenList } from "./files/OpenList";
import { Questions } from "./files/Questions";
import { ModelBrowser } from "./library/ModelBrowser";
import { AddNode } from "./panel/AddNode";
import { Bar } from "./panel/Bar";
import { CommandPalette } from "./panel/CommandPalette";
import { ConnectNode } from "./panel/ConnectNode";
import { ContextMenu } from "./panel/ContextMenu";
import { Corner } from "./panel/Corner";
import { Drawer } from "./panel/Drawer";
import { FileInput } from "./panel/FileInput";
import { FindNode } from "./panel/FindNode";
import { Notices } from "./panel/Notices";
import { RefusalCard } from "./panel/RefusalCard";
import { SubgraphName } from "./panel/SubgraphName";
import { Trail } from "./panel/Trail";
import { Viewer } from "./panel/Viewer";
import { WireCard } from "./panel/WireCard";
import { useMode } from "./simple/mode";
import { SimpleView } from "./simple/SimpleView";
import { useMask } from "./store/mask";
import { usePaint } from "./store/paint";
import { useView } from "./store/view";

/** The whole window. */
export function App() {
  useTheme();
  useKeys();
  const simple = useMode((state) => state.simple);
  return (
    <ReactFlowProvider>
      <div className="window">
        <Bar />
        <main className="desk">
          {simple ? (
            <SimpleView />
          ) : (
            <div className="stage">
              <Canvas />
              <Empty />
              <Trail />
              <Corner />
            </div>
          )}
          <Drawer />
        </main>
      </div>
      <Camera />
      <AddNode />
      <ConnectNode />
      <FindNode />
      <CommandPalette />
      <ContextMenu />
      <WireCard />
      <RefusalCard />
      <Viewer />
      <Mask />
      <Paint />
      <Settings />
      <NodeValues />
      <Notices />
      <FileInput />
      <OpenList />
      <Questions />
      <SubgraphName />
      <MissingSheet />
      <ModelBrowser />
    </ReactFlowProvider>
  );
}

// Few people paint or change keys in every visit; who does waits for it a moment.
const MaskEditor = lazy(() => import("./panel/mask/MaskEditor"));
const Shortcuts = lazy(() => import("./settings/Shortcuts"));

function Settings() {
  const open = useView((state) => state.shortcuts);
  return (
    open && (
      <Suspense>
        <Shortcuts />
      </Suspense>
    )
  );
}

const Values = lazy(() => import("./panel/Values"));

function NodeValues() {
  const node = useView((state) => state.values);
  return (
    node !== null && (
      <Suspense>
        <Values key={node} node={node} />
      </Suspense>
    )
  );
}

function Mask() {
  const open = useMask((state) => state.picture !== null);
  return (
    open && (
      <Suspense>
        <MaskEditor />
      </Suspense>
    )
  );
}

const PaintEditor = lazy(() => import("./desk/PaintEditor"));

function Paint() {
  const open = usePaint((state) => state.node !== "");
  return (
    open && (
      <Suspense>
        <PaintEditor />
      </Suspense>
    )
  );
}

function useTheme(): void {
  const theme = useView((state) => state.theme);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
}
