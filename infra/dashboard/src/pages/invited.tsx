// The page that the link in an invitation's e-mail opens. What the invitation says is read from the person's own invitations: the
// ids in the token only select one of them. One that is listed is accepted by its id, so an older link works as well.

import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { isFailure } from "../api/failure";
import { acceptInvitation, declineInvitation, ownInvitationsQuery, type InvitationRef, type OwnInvitation } from "../api/queries/invitations";
import { meQuery } from "../api/queries/me";
import { workspacesQuery } from "../api/queries/workspaces";
import { useSend } from "../api/send";
import { signOut, who } from "../auth";
import { dropInvitation, idsOf, keptInvitation } from "../auth/invitation";
import { config } from "../config";
import { Button, buttonClass } from "../kit/button";
import { Confirm } from "../kit/confirm";
import { Problem } from "../kit/problem";
import { Skeleton } from "../kit/skeleton";
import { Time } from "../kit/time";
import { toast } from "../kit/toasts";
import { Entrance } from "../shell/entrance";
import { ownZone } from "../shell/zone";
import { useText } from "../text";
import { isolated } from "./team/names";

export function Invited() {
  const [token] = useState(keptInvitation);
  if (!token) return <None />;
  return who() ? <SignedIn token={token} /> : <SignedOut />;
}

function None() {
  const t = useText();
  return (
    <Entrance title={t.team.invited.none} lead={t.team.invited.noneLead}>
      <ToWorkspaces />
    </Entrance>
  );
}

function ToWorkspaces() {
  const t = useText();
  return (
    <Link to="/workspaces" className={buttonClass("plain")}>
      {t.errors.toWorkspaces}
    </Link>
  );
}

function SignedOut() {
  const t = useText();
  const next = { next: "/signup" };
  return (
    <Entrance title={t.team.invited.title} lead={t.team.invited.signedOut}>
      <div className="grid gap-3">
        <Link to="/sign-in" search={next} className={buttonClass("primary")}>
          {t.auth.signIn}
        </Link>
        {config().identity.kind === "cognito" && (
          <Link to="/sign-up" search={next} className={buttonClass("plain")}>
            {t.auth.signUp}
          </Link>
        )}
      </div>
    </Entrance>
  );
}

function Account() {
  const t = useText();
  const navigate = useNavigate();
  const leave = useSend((_: null) => signOut(), () => navigate({ to: "/sign-in", search: { next: "/signup" } }));
  return (
    <>
      <p className="[overflow-wrap:anywhere]">
        {t.team.invited.as} <bdi className="font-medium text-ink">{who()?.email}</bdi>
      </p>
      <button type="button" className="mt-1 rounded text-accent underline-offset-4 hover:underline" onClick={() => leave.run(null)}>
        {t.team.invited.another}
      </button>
    </>
  );
}

function SignedIn({ token }: { token: string }) {
  const t = useText();
  const ids = idsOf(token);
  const email = isolated(who()?.email ?? "");
  const offers = useQuery(ownInvitationsQuery);
  const workspaces = useQuery(workspacesQuery);
  const me = useQuery(meQuery);
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const [end, setEnd] = useState<"accepted" | "declined">();
  // The one that was found stays on the page when the list is read again after it was used.
  const [known, setKnown] = useState<OwnInvitation>();
  const offer = offers.data?.find(({ id, workspace_id }) => id === ids?.invitation && workspace_id === ids.workspace) ?? known;
  if (offer && offer !== known) setKnown(offer);

  const ref: InvitationRef = offer ? { id: offer.id, workspace: offer.workspace_id } : { token };
  const workspace = offer?.workspace_id ?? ids?.workspace;
  const name = offer?.workspace_name ?? workspaces.data?.workspaces.find(({ id }) => id === workspace)?.name;
  const accept = useSend(acceptInvitation, async () => {
    setEnd("accepted");
    dropInvitation();
    toast(name ? t.team.invited.joined(isolated(name)) : t.team.invited.joinedUnknown);
    if (workspace) await navigate({ to: "/w/$ws", params: { ws: workspace }, replace: true });
    else await navigate({ to: "/workspaces", replace: true });
  });
  const decline = useSend(declineInvitation, () => {
    setEnd("declined");
    dropInvitation();
    setAsking(false);
  });

  const foot = <Account />;
  const open = workspace && (
    <Link to="/w/$ws" params={{ ws: workspace }} className={buttonClass("primary")} onClick={dropInvitation}>
      {t.team.invited.open}
    </Link>
  );
  const refusal = accept.error ?? decline.error;
  const code = isFailure(refusal) ? refusal.code : undefined;
  const said = (title: string, lead: string, children?: ReactNode) => (
    <Entrance title={title} lead={lead} foot={foot}>
      {children ?? <ToWorkspaces />}
    </Entrance>
  );

  if (end === "declined") return said(t.team.invited.declined, t.team.invited.declinedLead);
  if (!ids) return said(t.team.invited.broken, t.team.invited.brokenLead);
  if (code === "already_member" || (!offer && !end && workspaces.data?.workspaces.some(({ id }) => id === workspace))) {
    const title = name ? t.team.invited.already(isolated(name)) : t.team.invited.alreadyUnknown;
    return (
      <Entrance title={title} foot={foot}>
        {open}
      </Entrance>
    );
  }
  const unverified = code === "email_unverified" || (!offer && me.data?.email_verified === false);
  if (unverified) {
    return said(t.team.invited.unverified, t.team.invited.unverifiedLead(email), <SignInAgain />);
  }
  if (code === "invitation_for_another_address") return said(t.team.invited.otherAddress, t.team.invited.otherAddressLead(email));
  if (code === "invitation_not_found") return said(t.team.invited.gone, t.team.invited.goneLead);

  const again = (
    <Button look="primary" busy={accept.busy} onClick={() => accept.run(ref)}>
      {t.common.retry}
    </Button>
  );
  if (isFailure(refusal) && refusal.status === 402) return said(t.team.invited.full, t.team.invited.fullLead, again);
  if (code === "workspace_suspended") return said(t.team.invited.suspended, t.team.invited.suspendedLead, again);

  if (offers.isPending || (!offer && (workspaces.isPending || me.isPending))) {
    return (
      <Entrance title={t.team.invited.title} lead={t.team.invited.loading} foot={foot}>
        <Skeleton className="h-44" />
      </Entrance>
    );
  }
  if (offers.isError && !offer) {
    return (
      <Entrance title={t.team.invited.title} foot={foot}>
        <Problem error={offers.error} retry={() => offers.refetch()} />
      </Entrance>
    );
  }

  const by = offer?.invited_by_name;
  const title = offer ? t.team.invited.titleTo(isolated(offer.workspace_name)) : t.team.invited.unmatched;
  const lead = !offer ? t.team.invited.unmatchedLead(email) : by ? t.team.invited.lead(isolated(by)) : t.team.invited.leadNobody;
  return (
    <Entrance title={title} lead={lead} foot={foot}>
      {offer && <Offer offer={offer} zone={me.data?.timezone ?? ownZone()} />}
      {accept.error && <Problem error={accept.error} />}
      <div className="grid gap-3">
        <Button look="primary" busy={accept.busy || end === "accepted"} onClick={() => accept.run(ref)}>
          {offer ? t.team.invited.accept : t.team.invited.acceptAnyway}
        </Button>
        {offer ? (
          <Button busy={decline.busy} onClick={() => setAsking(true)}>
            {t.team.invited.decline}
          </Button>
        ) : (
          <ToWorkspaces />
        )}
      </div>
      <Confirm
        open={asking}
        onClose={() => {
          decline.reset();
          setAsking(false);
        }}
        title={t.team.invited.declineTitle}
        action={t.team.invited.decline}
        danger
        busy={decline.busy}
        error={decline.error}
        onConfirm={() => decline.run(ref)}
      >
        <p className="[overflow-wrap:anywhere]">{t.team.invited.declineLead(isolated(name ?? ""))}</p>
      </Confirm>
    </Entrance>
  );
}

function SignInAgain() {
  const t = useText();
  const navigate = useNavigate();
  const leave = useSend((_: null) => signOut(), () => navigate({ to: "/sign-in", search: { next: "/signup" } }));
  return (
    <Button look="primary" busy={leave.busy} onClick={() => leave.run(null)}>
      {t.team.invited.signInAgain}
    </Button>
  );
}

function Offer({ offer, zone }: { offer: OwnInvitation; zone: string }) {
  const t = useText();
  const facts: [string, ReactNode][] = [
    [
      t.team.invited.role,
      <span key="role">
        {t.roles[offer.role]}
        <span className="block text-sm font-normal text-soft">{t.team.about[offer.role]}</span>
      </span>,
    ],
    [t.team.invited.expires, <Time key="expires" at={offer.expires_at} zone={zone} />],
  ];
  return (
    <dl className="divide-y divide-line rounded-lg border border-line">
      {facts.map(([term, fact]) => (
        <div key={term} className="grid grid-cols-[5rem_1fr] gap-3 px-4 py-2.5">
          <dt className="text-sm text-soft">{term}</dt>
          <dd className="min-w-0 font-medium">{fact}</dd>
        </div>
      ))}
    </dl>
  );
}
