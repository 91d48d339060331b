import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isFailure } from "../../api/failure";
import { meQuery, updateMe, type Me, type MyChanges } from "../../api/queries/me";
import { useSend } from "../../api/send";
import { Badge } from "../../kit/badge";
import { Button } from "../../kit/button";
import { Card } from "../../kit/card";
import { Field, Select } from "../../kit/field";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { toast } from "../../kit/toasts";
import { ownZone, ZoneField } from "../../shell/zone";
import { isLanguage, language, languages, setLanguage, useText, type Language } from "../../text";
import { accountText, useAccountText } from "./words";

/** The person's name, language and time zone. */
export function Profile() {
  const text = useAccountText();
  const { data, error, refetch } = useQuery(meQuery);
  return (
    <Card title={text.profile} lead={text.profileLead}>
      {!data && !error && <Skeleton className="h-96" />}
      {!data && error && <Problem error={error} retry={() => void refetch()} />}
      {data && <Form me={data} />}
    </Card>
  );
}

function Form({ me }: { me: Me }) {
  const t = useText();
  const text = useAccountText();
  const before = { name: me.name ?? "", language: me.language ?? language(), timezone: me.timezone ?? "" };
  const [name, setName] = useState(before.name);
  const [tongue, setTongue] = useState(before.language);
  const [zone, setZone] = useState(before.timezone || ownZone());
  const { run, busy, error } = useSend(
    (changes: MyChanges) => updateMe(changes),
    async (saved) => {
      if (saved.language && isLanguage(saved.language)) await setLanguage(saved.language);
      toast(accountText().saved);
    },
  );
  const fields = isFailure(error) ? error.fields : {};
  const changes: MyChanges = {
    ...(name.trim() !== before.name ? { name: name.trim() } : {}),
    ...(tongue !== (me.language ?? undefined) ? { language: tongue } : {}),
    ...(zone !== before.timezone ? { timezone: zone } : {}),
  };
  const why = !name.trim() ? text.nameFirst : Object.keys(changes).length === 0 ? text.nothing : undefined;
  return (
    <form
      noValidate
      className="grid max-w-2xl gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!why) run(changes);
      }}
    >
      <Field label={text.name} name="name" autoComplete="name" maxLength={100} value={name} hint={me.name_problem ? text.nameUnused(me.name_problem) : undefined} error={fields["name"]} onChange={(event) => setName(event.target.value)} />
      <div className="grid gap-1.5">
        <p className="text-sm font-medium">{text.email}</p>
        <p className="flex flex-wrap items-center gap-2">
          <bdi className="[overflow-wrap:anywhere]">{me.email}</bdi>
          <Badge tone={me.email_verified ? "good" : "warn"}>{me.email_verified ? text.verified : text.unverified}</Badge>
        </p>
        {!me.email_verified && <p className="text-sm text-soft">{text.unverifiedLead}</p>}
      </div>
      <div className="grid items-start gap-5 sm:grid-cols-2">
        <Select label={text.language} name="language" hint={text.languageHint} value={tongue} error={fields["language"]} onChange={(event) => setTongue(event.target.value as Language)}>
          {Object.entries(languages).map(([tag, name]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </Select>
        <ZoneField label={text.zone} hint={text.zoneHint} unknown={t.workspaces.zoneUnknown} value={zone} onChange={setZone} error={fields["timezone"]} />
      </div>
      {error && <Problem error={error} retry={isFailure(error) && error.passes ? () => run(changes) : undefined} />}
      <div>
        <Button type="submit" look="primary" busy={busy} why={why}>
          {t.common.save}
        </Button>
      </div>
    </form>
  );
}
