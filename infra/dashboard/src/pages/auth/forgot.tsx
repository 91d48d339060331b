import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "../../kit/button";
import { Entrance } from "../../shell/entrance";
import { useText } from "../../text";
import { Email, Failed, useStep } from "./parts";

export function Forgot() {
  const t = useText();
  const { next = "/", email: given = "" } = useSearch({ from: "/forgot" });
  const navigate = useNavigate();
  const [email, setEmail] = useState(given);
  const { busy, failed, run } = useStep();
  const send = run(async () => {
    const { forget } = await import("../../auth/cognito-steps");
    await forget(email.trim());
    await navigate({ to: "/reset", search: { email: email.trim(), next } });
  });
  return (
    <Entrance
      title={t.auth.forgot}
      lead={t.auth.forgotLead}
      foot={
        <Link to="/sign-in" search={{ next, email }} className="text-accent underline-offset-4 hover:underline">
          {t.auth.back}
        </Link>
      }
    >
      <form className="grid gap-4" onSubmit={send}>
        <Email value={email} onChange={setEmail} />
        <Failed code={failed} />
        <Button type="submit" look="primary" busy={busy}>
          {t.auth.sendCode}
        </Button>
      </form>
    </Entrance>
  );
}
