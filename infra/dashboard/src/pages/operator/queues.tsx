// The dead-letter queues: how many messages they hold, which ones, and the way back.

import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { redrive } from "../../api/operator/client";
import { messagesQuery, queuesQuery } from "../../api/operator/queries";
import type { Message, Queue } from "../../api/operator/types";
import { queries, readAgain } from "../../api/query";
import { useSend } from "../../api/send";
import { Badge } from "../../kit/badge";
import { Button } from "../../kit/button";
import { Dialog } from "../../kit/dialog";
import { Empty } from "../../kit/empty";
import { Notice } from "../../kit/notice";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { Time } from "../../kit/time";
import { toast } from "../../kit/toasts";
import { Page } from "../../shell/page";
import { isolated } from "../../text/format";
import { useOperatorText } from "../../text/operator";
import { ActForm } from "./act";
import { useConsoleSearch } from "./paths";
import { Code } from "./rows";

export function Queues() {
  const all = useOperatorText();
  const { queues: text } = all;
  const { data, error, isFetching, refetch } = useQuery(queuesQuery);
  const [moving, setMoving] = useState<Queue>();
  const queues = data?.queues ?? [];
  const isEmpty = data !== undefined && queues.every(({ messages, redriving }) => messages === 0 && !redriving);
  return (
    <Page
      title={text.title}
      lead={text.lead}
      actions={
        <Button busy={isFetching} onClick={() => void refetch()}>
          {all.again}
        </Button>
      }
    >
      {error && !isFetching && <Problem error={error} title={text.failed} retry={() => void refetch()} />}
      {isEmpty && (
        <Notice tone="good" title={<span role="status">{text.empty}</span>}>
          {text.emptyLead}
        </Notice>
      )}
      {!data && (isFetching || !error) && <Skeleton className="h-96 rounded-xl" />}
      {data && (
        <ul className="grid grid-cols-1 gap-3">
          {queues.map((queue) => (
            <Entry key={queue.queue} queue={queue} onRedrive={() => setMoving(queue)} />
          ))}
        </ul>
      )}
      <Redrive queue={moving} onClose={() => setMoving(undefined)} />
    </Page>
  );
}

function Entry({ queue: { queue, messages, redriving, redrivable, gave_up }, onRedrive }: { queue: Queue; onRedrive: () => void }) {
  const { queues: text, act } = useOperatorText();
  const { queue: shown } = useConsoleSearch();
  const navigate = useNavigate({ from: "/operator/$" });
  const isShown = shown === queue;
  const why = !redrivable ? text.notRedrivable : redriving ? text.underWay : messages === 0 ? text.nothing : undefined;
  return (
    <li className="rounded-xl border border-line bg-panel p-5">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-60">
          <h2 className="font-semibold">{text.names[queue] ?? queue}</h2>
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-soft">
            <Code>{queue}</Code>
            <Badge tone={messages === null ? "warn" : messages === 0 ? "good" : "bad"}>{messages === null ? text.unread : messages === 0 ? text.none : text.messages(messages)}</Badge>
            {redriving && <Badge tone="accent">{text.moving}</Badge>}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {(messages !== 0 || isShown) && (
            <Button small aria-expanded={isShown} aria-label={isShown ? text.hideOf(queue) : text.showOf(queue)} onClick={() => void navigate({ search: isShown ? {} : { queue }, replace: true, resetScroll: false })}>
              {isShown ? text.hide : text.show}
            </Button>
          )}
          <Button small why={why} onClick={onRedrive} aria-label={`${act.redrive.button}: ${queue}`}>
            {act.redrive.button}
          </Button>
        </div>
      </div>
      {gave_up && (
        <p className="mt-3 text-sm">
          {text.gaveUp} <Code>{gave_up}</Code>
        </p>
      )}
      {messages !== 0 && !redrivable && <p className="mt-3 text-sm text-soft">{text.notRedrivable}</p>}
      {isShown && <Messages queue={queue} />}
    </li>
  );
}

function Messages({ queue }: { queue: string }) {
  const { queues: text } = useOperatorText();
  const { data, error, isFetching, refetch } = useQuery(messagesQuery(queue));
  const look = (
    <Button small busy={isFetching} onClick={() => void refetch()}>
      {text.look}
    </Button>
  );
  return (
    <div className="mt-4 grid grid-cols-1 gap-3 border-t border-line pt-4">
      {error && !isFetching ? (
        <Problem error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton className="h-32" />
      ) : data.messages.length === 0 ? (
        <Empty title={text.noMessages} action={look}>
          {text.noMessagesLead}
        </Empty>
      ) : (
        <>
          <div className="flex flex-wrap items-center justify-between gap-2">
            <p className="text-sm text-soft">{text.first}</p>
            {look}
          </div>
          <ol className="grid grid-cols-1 gap-3">
            {data.messages.map((message) => (
              <One key={message.id} message={message} />
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

function One({ message: { id, sent_at, received, body } }: { message: Message }) {
  const { queues: text } = useOperatorText();
  return (
    <li className="grid grid-cols-1 gap-2 rounded-lg border border-line p-3">
      <p className="flex flex-wrap items-baseline gap-x-3 text-sm text-soft">
        {sent_at && (
          <span>
            {text.sent} <Time at={sent_at} zone="UTC" />
          </span>
        )}
        <span>{text.received(received)}</span>
        <Code>{id}</Code>
      </p>
      <pre className="max-h-80 overflow-y-auto rounded-md bg-sunken p-3 font-mono text-xs whitespace-pre-wrap wrap-anywhere" tabIndex={0} role="group" aria-label={id}>
        {indented(body)}
      </pre>
    </li>
  );
}

/** JSON with line breaks; anything else as it is. */
export function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

interface Order {
  queue: string;
  reason: string;
}

function Redrive({ queue, onClose }: { queue: Queue | undefined; onClose: () => void }) {
  const { act, queues: text } = useOperatorText();
  const words = act.redrive;
  const router = useRouter();
  const navigate = useNavigate({ from: "/operator/$" });
  const readQueues = () => void readAgain(queuesQuery.queryKey);
  const send = useSend(
    ({ queue, reason }: Order, key) => redrive(queue, reason, key),
    (_, { queue }) => {
      toast(words.done);
      readQueues();
      onClose();
      // Its messages are on their way. After Back, another page may be open.
      const isShown = router.state.location.search.queue === queue;
      const hidden = isShown ? navigate({ search: {}, replace: true, resetScroll: false }) : Promise.resolve();
      void hidden.then(() => queries.removeQueries({ queryKey: messagesQuery(queue).queryKey }));
    },
  );
  const close = () => {
    if (send.isUnderWay()) return;
    // Somebody else may have begun it.
    if (send.error) readQueues();
    send.reset();
    onClose();
  };
  return (
    <Dialog open={queue !== undefined} onClose={close} title={queue ? words.title(isolated(text.names[queue.queue] ?? queue.queue)) : ""}>
      {queue && (
        <ActForm lead={words.lead(queue.messages)} action={words.action} reasonHint={words.logged} unknown={words.unknown} busy={send.busy} error={send.error} onClose={close} onSend={(reason) => send.run({ queue: queue.queue, reason })} />
      )}
    </Dialog>
  );
}
