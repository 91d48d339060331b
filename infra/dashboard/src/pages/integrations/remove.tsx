import { useState } from "react";
import { remove, type Integration } from "../../api/integrations/integrations";
import { useSend } from "../../api/send";
import { Button } from "../../kit/button";
import { Confirm } from "../../kit/confirm";
import { toast } from "../../kit/toasts";
import { useAccess } from "../../shell/access";
import { isSetUp } from "./health";
import { useIntegrationsText } from "./words";

export function Remove({ workspace, integration }: { workspace: string; integration: Integration }) {
  const { remove: text, brands } = useIntegrationsText();
  const { integration_type: type } = integration;
  const brand = brands[type];
  const why = useAccess(workspace)("manage_integrations");
  const [asking, setAsking] = useState(false);
  const { run, busy, error, reset } = useSend(
    () => remove(workspace, type),
    (_output, _input, isLeft) => {
      toast(text.done(brand));
      if (!isLeft) setAsking(false);
    },
  );
  const reason = why ?? (isSetUp(integration) ? undefined : text.none);
  const close = () => {
    reset();
    setAsking(false);
  };
  return (
    <section aria-labelledby="remove" className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 rounded-xl border border-bad/50 bg-panel p-5">
      <div className="min-w-0 flex-1 basis-72">
        <h2 id="remove" className="text-lg font-semibold">
          {text.title}
        </h2>
        <p className="text-sm text-soft">{text.lead}</p>
        {reason && (
          <p aria-hidden="true" className="mt-1 text-sm text-warn">
            {reason}
          </p>
        )}
      </div>
      <Button why={reason} onClick={() => setAsking(true)}>
        {text.action}
      </Button>
      <Confirm open={asking} onClose={close} title={text.ask(brand)} action={text.action} danger busy={busy} error={error} onConfirm={() => run(undefined)}>
        <p>{text.lead}</p>
        <p>{text.waiting}</p>
      </Confirm>
    </section>
  );
}
