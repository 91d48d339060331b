import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { AuthFailure } from "../../auth";
import { Button } from "../../kit/button";
import { Entrance } from "../../shell/entrance";
import { useText } from "../../text";
import { Code, Failed, Password, isStrong, useStep } from "./parts";

export function Reset() {
  const t = useText();
  const { next = "/", email = "" } = useSearch({ from: "/reset" });
  const navigate = useNavigate();
  const [code, setCode] = useState("");
  const [password, setPassword] = useState("");
  const { busy, failed, run, forget } = useStep();
  const choose = run(async () => {
    if (!isStrong(password)) throw new AuthFailure("weakPassword");
    const { choosePassword } = await import("../../auth/cognito-steps");
    await choosePassword(email, code, password);
    await navigate({ to: "/sign-in", search: { email, next } });
  });
  return (
    <Entrance
      title={t.auth.reset}
      lead={t.auth.resetLead(email)}
      foot={
        <Link to="/sign-in" search={{ next, email }} className="text-accent underline-offset-4 hover:underline">
          {t.auth.back}
        </Link>
      }
    >
      <form className="grid gap-4" onSubmit={choose} onInput={forget}>
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <Code value={code} onChange={setCode} />
        <Password label={t.auth.newPassword} value={password} onChange={setPassword} fresh />
        <Failed code={failed} />
        <Button type="submit" look="primary" busy={busy}>
          {t.auth.send}
        </Button>
      </form>
    </Entrance>
  );
}
