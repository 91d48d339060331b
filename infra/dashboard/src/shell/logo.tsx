import { config } from "../config";

export function Logo() {
  const { logo, product } = config();
  return (
    <span className="flex items-center gap-2 font-semibold">
      <img src={logo ?? "/icon.svg"} alt="" className="size-7 rounded-md" />
      <bdi>{product}</bdi>
    </span>
  );
}
