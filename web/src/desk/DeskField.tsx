import type { Desk } from "../model/spec";
import type { FieldProps } from "../widget/WidgetRow";
import { BoxesField } from "./BoxesField";
import { CameraField } from "./CameraField";
import { LayersField } from "./LayersField";
import { PaintingField } from "./PaintingField";
import "./desk.css";

/** A value that has an editor of its own. */
export default function DeskField(props: FieldProps<{ kind: Desk }>) {
  switch (props.widget.kind) {
    case "boxes":
      return <BoxesField {...props} />;
    case "layers":
      return <LayersField {...props} />;
    case "painting":
      return <PaintingField {...props} />;
    case "camera":
      return <CameraField {...props} />;
  }
}
