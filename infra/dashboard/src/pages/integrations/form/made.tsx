import { useState } from "react";
import { Button } from "../../../kit/button";
import { Copy } from "../../../kit/copy";
import { Dialog, DialogActions } from "../../../kit/dialog";
import { Notice } from "../../../kit/notice";
import { useIntegrationsText } from "../words";

/** A secret that was made. It is shown until the person says that it is stored: nothing else could show it again. */
export function Made({ secret, onDone }: { secret: string | undefined; onDone: () => void }) {
  const { secret: text } = useIntegrationsText();
  const [isClosed, setClosed] = useState(false);
  if (secret === undefined) return null;
  return (
    <>
      {isClosed && (
        <div className="mt-6">
          <Notice tone="warn" title={text.kept} actions={<Button small onClick={() => setClosed(false)}>{text.showAgain}</Button>}>
            {text.keptLead}
          </Notice>
        </div>
      )}
      <Dialog open={!isClosed} onClose={() => setClosed(true)} title={text.made}>
        <p>{text.madeLead}</p>
        <div className="flex flex-wrap items-center gap-2 rounded-lg bg-sunken px-3 py-2">
          <code dir="ltr" className="min-w-0 flex-1 basis-60 font-mono text-sm break-all">
            {secret}
          </code>
          <Copy value={secret} label={text.made} />
        </div>
        <p className="text-sm text-soft">{text.verify}</p>
        <DialogActions>
          <Button look="primary" onClick={onDone}>
            {text.done}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
