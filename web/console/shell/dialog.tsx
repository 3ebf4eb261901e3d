import { CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { noteDialog } from "./open-dialogs.ts";

interface Props {
  readonly isOpen: boolean;
  readonly title: string;
  readonly className?: string;
  readonly children: ReactNode;
  onClose(): void;
}

/** The browser's own dialog: it keeps the focus, and what is behind is out of reach until it is closed. */
export function Dialog({ isOpen, title, className = "", children, onClose }: Props) {
  const { t } = useTranslation();
  const place = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    if (isOpen) place.current?.showModal();
    else place.current?.close();
  }, [isOpen]);
  useEffect(() => (isOpen ? noteDialog() : undefined), [isOpen]);
  return (
    <dialog ref={place} className={`dialog ${className}`} aria-labelledby={titleId} onClose={onClose}>
      {isOpen && (
        <>
          <header>
            <h2 id={titleId}>{title}</h2>
            <Button type="text" icon={<CloseOutlined />} aria-label={t("app.close")} onClick={onClose} />
          </header>
          {children}
        </>
      )}
    </dialog>
  );
}
