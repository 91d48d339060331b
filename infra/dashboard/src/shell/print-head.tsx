import { useNow } from "../kit/time";
import { useText } from "../text";
import { moment } from "../text/format";

/** What paper says that the screen need not: which workspace, in which zone, and when. */
export function PrintHead({ name, zone }: { name: string; zone: string }) {
  const t = useText();
  const at = new Date(useNow(15_000)).toISOString();
  return (
    <div className="printed">
      <p className="font-semibold">
        <bdi>{name}</bdi>
      </p>
      <p>{t.shell.print(zone, moment(at, zone))}</p>
    </div>
  );
}
