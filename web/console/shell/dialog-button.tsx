import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { Dialog } from "./dialog.tsx";

/** Shows something on its own when it is asked for. */
export function DialogButton({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{label}</Button>
      <Dialog isOpen={isOpen} title={label} onClose={() => setOpen(false)}>
        {children}
      </Dialog>
    </>
  );
}
