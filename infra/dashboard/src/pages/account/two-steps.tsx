import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../../api/query";
import { AuthFailure } from "../../auth";
import { config } from "../../config";
import { Badge } from "../../kit/badge";
import { Button, buttonClass } from "../../kit/button";
import { Card } from "../../kit/card";
import { Copy } from "../../kit/copy";
import { Dialog, DialogActions } from "../../kit/dialog";
import { Notice } from "../../kit/notice";
import { Skeleton } from "../../kit/skeleton";
import { toast } from "../../kit/toasts";
import { useText } from "../../text";
import { Code, Failed, useStep } from "../auth/parts";
import { useAccountText } from "./words";

const KEY = ["two-steps"];

/** Sign-in with a code of an authenticator, on or off. */
export function TwoSteps({ email }: { email: string }) {
  const t = useText();
  const text = useAccountText();
  const [setup, setSetup] = useState<{ secret: string; uri: string }>();
  const [leaving, setLeaving] = useState(false);
  const { busy, failed, run } = useStep();
  const { data: on, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: async () => (await import("../../auth/cognito-steps")).hasTwoSteps(),
    retry: false,
  });
  const begin = run(async () => {
    const { beginTwoSteps } = await import("../../auth/cognito-steps");
    setSetup(await beginTwoSteps(config().product, email));
  });
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-3">
          {text.twoStep}
          {on !== undefined && <Badge tone={on ? "good" : "plain"}>{on ? text.on : text.off}</Badge>}
        </span>
      }
      lead={text.twoStepLead}
    >
      <div className="grid gap-4">
        {error && (
          <Notice tone="bad" live title={text.loadFailed} actions={<Button small onClick={() => void refetch()}>{t.common.retry}</Button>}>
            {t.auth.failures[error instanceof AuthFailure ? error.code : "unknown"]}
          </Notice>
        )}
        {on === undefined && !error && <Skeleton className="h-10 w-28" />}
        <Failed code={failed} />
        {on === false && (
          <form onSubmit={begin}>
            <Button type="submit" busy={busy}>
              {text.turnOn}
            </Button>
          </form>
        )}
        {on === true && (
          <div>
            <Button onClick={() => setLeaving(true)}>{text.turnOff}</Button>
          </div>
        )}
      </div>
      <Dialog open={setup !== undefined} onClose={() => setSetup(undefined)} title={text.setUpTitle}>
        {setup && <SetUp {...setup} onClose={() => setSetup(undefined)} />}
      </Dialog>
      <Dialog open={leaving} onClose={() => setLeaving(false)} title={text.turnOffTitle}>
        <TurnOff onClose={() => setLeaving(false)} />
      </Dialog>
    </Card>
  );
}

function SetUp({ secret, uri, onClose }: { secret: string; uri: string; onClose: () => void }) {
  const t = useText();
  const text = useAccountText();
  const [code, setCode] = useState("");
  const { busy, failed, run } = useStep();
  const end = run(async () => {
    const { endTwoSteps } = await import("../../auth/cognito-steps");
    await endTwoSteps(code);
    queries.setQueryData(KEY, true);
    toast(text.turnedOn);
    onClose();
  });
  return (
    <form className="grid gap-5" onSubmit={(event) => (code.length === 6 ? end(event) : event.preventDefault())}>
      <div className="grid gap-2">
        <p>{text.setUpFirst}</p>
        <div className="flex items-center justify-between gap-2 rounded-lg bg-sunken py-2 ps-4 pe-2">
          <code aria-label={text.secret} className="font-mono text-sm tracking-wider break-all">{grouped(secret)}</code>
          <Copy value={secret} label={text.secret} />
        </div>
        <div className="flex flex-wrap items-center justify-between gap-2 text-sm">
          <span className="text-soft">{text.uriLead}</span>
          <span className="flex flex-wrap gap-1">
            <Copy value={uri} label={text.copyUri} />
            {uri.startsWith("otpauth://") && (
              <a href={uri} className={buttonClass("quiet", true)}>
                {text.openApp}
              </a>
            )}
          </span>
        </div>
      </div>
      <div className="grid gap-2">
        <p>{text.setUpCode}</p>
        <Code value={code} onChange={setCode} />
      </div>
      <Failed code={failed} />
      <DialogActions>
        <Button onClick={onClose}>{t.common.cancel}</Button>
        <Button type="submit" look="primary" busy={busy} why={code.length === 6 ? undefined : text.codeFirst}>
          {text.turnOn}
        </Button>
      </DialogActions>
    </form>
  );
}

function TurnOff({ onClose }: { onClose: () => void }) {
  const t = useText();
  const text = useAccountText();
  const { busy, failed, run } = useStep();
  const drop = run(async () => {
    const { dropTwoSteps } = await import("../../auth/cognito-steps");
    await dropTwoSteps();
    queries.setQueryData(KEY, false);
    toast(text.turnedOff);
    onClose();
  });
  return (
    <form className="grid gap-4" onSubmit={drop}>
      <p>{text.turnOffLead}</p>
      <Failed code={failed} />
      <DialogActions>
        <Button onClick={onClose}>{t.common.cancel}</Button>
        <Button type="submit" look="danger" busy={busy}>
          {text.turnOff}
        </Button>
      </DialogActions>
    </form>
  );
}

/** In groups of four, as people read it off. */
function grouped(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(" ") ?? secret;
}
