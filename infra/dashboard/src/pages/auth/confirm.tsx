import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Button } from "../../kit/button";
import { toast } from "../../kit/toasts";
import { Entrance } from "../../shell/entrance";
import { useText } from "../../text";
import { Code, Failed, useStep } from "./parts";

/** The seconds between two letters. */
const PAUSE = 30;

export function Confirm() {
  const t = useText();
  const { next = "/", email = "" } = useSearch({ from: "/confirm" });
  const navigate = useNavigate();
  const [code, setCode] = useState("");
  const [wait, setWait] = useState(PAUSE);
  const { busy, failed, run } = useStep();
  const again = useStep();
  useEffect(() => {
    if (wait === 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);
  const confirm = run(async () => {
    const { confirm } = await import("../../auth/cognito-steps");
    await confirm(email, code);
    await navigate({ to: "/sign-in", search: { email, next } });
  });
  const resend = again.run(async () => {
    const { resend } = await import("../../auth/cognito-steps");
    await resend(email);
    setWait(PAUSE);
    toast(t.auth.resent);
  });
  return (
    <Entrance
      title={t.auth.confirm}
      lead={t.auth.confirmLead(email)}
      foot={
        <Link to="/sign-in" search={{ next, email }} className="text-accent underline-offset-4 hover:underline">
          {t.auth.back}
        </Link>
      }
    >
      <form className="grid gap-4" onSubmit={confirm}>
        <Code value={code} onChange={setCode} />
        <Failed code={failed ?? again.failed} />
        <Button type="submit" look="primary" busy={busy}>
          {t.auth.send}
        </Button>
      </form>
      <form onSubmit={resend} className="grid">
        <Button type="submit" look="quiet" busy={again.busy} why={wait > 0 ? t.auth.resendIn(wait) : undefined}>
          {t.auth.resend}
        </Button>
      </form>
    </Entrance>
  );
}
