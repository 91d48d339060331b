import { Button } from "../../../kit/button";
import { Copy } from "../../../kit/copy";
import { Dialog, DialogActions } from "../../../kit/dialog";
import { useIntegrationsText } from "../words";

/** A secret that was made: it is shown once. */
export function Made({ secret, onClose }: { secret: string | undefined; onClose: () => void }) {
  const { secret: text } = useIntegrationsText();
  return (
    <Dialog open={secret !== undefined} onClose={onClose} title={text.made}>
      <p>{text.madeLead}</p>
      <div className="flex flex-wrap items-center gap-2 rounded-lg bg-sunken px-3 py-2">
        <code dir="ltr" className="min-w-0 flex-1 basis-60 font-mono text-sm break-all">
          {secret}
        </code>
        <Copy value={secret ?? ""} label={text.made} />
      </div>
      <p className="text-sm text-soft">{text.verify}</p>
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          {text.done}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
