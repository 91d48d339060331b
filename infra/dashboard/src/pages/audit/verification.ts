// The verification of the whole log, as far as the plan shows it.

import { useState } from "react";
import { newestCheckpoint, verificationStep } from "../../api/audit/pages";
import { now } from "../../api/client";
import { useWalk } from "../../api/walk/walk";
import { judged, NOTHING, signedBy, withPage, type Checked, type Signed } from "./verdict";

export interface Verified {
  checked: Checked;
  /** The newest checkpoint from before it began. */
  signed: Signed | undefined;
  at: string;
}

export function useVerification(workspace: string) {
  const walk = useWalk();
  const [found, setFound] = useState<Verified>({ checked: NOTHING, signed: undefined, at: "" });
  const start = () => {
    let checked = NOTHING;
    let signed: Signed | undefined;
    let isAsked = false;
    const show = () => setFound({ checked, signed, at: new Date(now()).toISOString() });
    const step = verificationStep(workspace, (page) => (checked = withPage(checked, page)));
    show();
    walk.run(async (end) => {
      // One that is taken meanwhile may have a later record than the last one that is verified.
      if (!isAsked) {
        const newest = await newestCheckpoint(workspace);
        [signed, isAsked] = [signedBy(newest), true];
        return true;
      }
      const hasMore = await step(end);
      if (end.aborted) return false;
      if (!hasMore) checked = judged(checked, signed);
      show();
      return hasMore;
    });
  };
  return { ...walk, ...found, start };
}
