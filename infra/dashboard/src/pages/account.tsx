// The person: their profile, how they sign in, and how these pages look on this device.

import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { signOut, who } from "../auth";
import { config } from "../config";
import { Button } from "../kit/button";
import { Card } from "../kit/card";
import { Frame } from "../shell/frame";
import { Page } from "../shell/page";
import { setTheme, THEMES, useTheme } from "../shell/theme";
import { useText } from "../text";
import { DeleteAccount } from "./account/delete";
import { ChangePassword } from "./account/password";
import { Profile } from "./account/profile";
import { TwoSteps } from "./account/two-steps";
import { useAccountText } from "./account/words";

export function Account() {
  const text = useAccountText();
  const { identity } = config();
  return (
    <Frame>
      <Page title={text.title} lead={text.lead}>
        <Profile />
        <Appearance />
        {identity.kind === "cognito" ? (
          <>
            <ChangePassword email={who()?.email ?? ""} />
            <TwoSteps email={who()?.email ?? ""} />
          </>
        ) : (
          <Card title={text.managed}>
            <p>
              {text.managedLead}{" "}
              <bdi className="font-medium [overflow-wrap:anywhere]">{host(identity.issuer)}</bdi>
            </p>
          </Card>
        )}
        <Session />
        <DeleteAccount />
      </Page>
    </Frame>
  );
}

function host(issuer: string): string {
  return URL.canParse(issuer) ? new URL(issuer).host : issuer;
}

function Appearance() {
  const t = useText();
  const text = useAccountText();
  const theme = useTheme();
  return (
    <Card title={text.appearance} lead={text.appearanceLead}>
      <fieldset>
        <legend className="sr-only">{t.shell.theme}</legend>
        <div className="grid max-w-2xl gap-3 sm:grid-cols-3">
          {THEMES.map((value) => (
            <label key={value} className="flex cursor-pointer items-center gap-3 rounded-lg border border-control/60 px-4 py-3 hover:bg-sunken has-checked:border-accent has-checked:bg-accent-soft">
              <input type="radio" name="theme" value={value} checked={theme === value} onChange={() => setTheme(value)} className="size-4 accent-accent" />
              {t.shell[value]}
            </label>
          ))}
        </div>
      </fieldset>
    </Card>
  );
}

function Session() {
  const t = useText();
  const text = useAccountText();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const leave = async () => {
    setBusy(true);
    await signOut().finally(() => setBusy(false));
    await navigate({ to: "/sign-in" });
  };
  return (
    <Card title={text.session} lead={text.sessionLead}>
      <Button busy={busy} onClick={() => void leave()}>
        {t.shell.signOut}
      </Button>
    </Card>
  );
}
