// A walk that ended with a file, which can be saved again.

import type { ReactNode } from "react";
import { Button } from "./button";
import { Notice } from "./notice";
import { type Offered, save } from "./offered";

interface Props {
  file: Offered;
  /** What was done, and the actions. */
  words: { done: string; again: string; close: string };
  onClose: () => void;
  children: ReactNode;
}

export function Finished({ file, words, onClose, children }: Props) {
  return (
    <Notice
      tone="good"
      title={<span role="status">{words.done}</span>}
      actions={
        <>
          <Button small onClick={() => save(file)}>
            {words.again}
          </Button>
          <Button small look="quiet" onClick={onClose}>
            {words.close}
          </Button>
        </>
      }
    >
      {children}
    </Notice>
  );
}

/** The name of the file, after a sentence. */
export function FileName({ children }: { children: string }) {
  return <code className="font-mono text-xs break-all">{children}</code>;
}
