import { type RefObject, useLayoutEffect, useRef, useState } from "react";

/**
 * How wide a sheet of a shape (width / height) is that is as large as its room allows. Measured, for within an
 * element whose size style sheets ask for, Chromium takes the focus away when anything beside changes.
 */
export function useFit(shape: number): { room: RefObject<HTMLDivElement | null>; width: number } {
  const room = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = room.current;
    if (!element) return;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return { room, width: Math.max(1, Math.min(size.width, size.height * shape)) };
}
