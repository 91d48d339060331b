// A file that was made here and is offered for download, as often as it is wanted, until it is forgotten or its page ends.

import { useEffect, useRef, useState } from "react";

export interface Offered {
  address: string;
  name: string;
}

/** Has the browser save it. */
export function save({ address, name }: Offered): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

export function useOffered() {
  const [file, setFile] = useState<Offered>();
  const address = useRef<string>(undefined);
  const release = () => URL.revokeObjectURL(address.current ?? "");
  useEffect(() => release, []);
  return {
    file,
    offer: (blob: Blob, name: string) => {
      release();
      address.current = URL.createObjectURL(blob);
      const made = { address: address.current, name };
      setFile(made);
      save(made);
    },
    forget: () => {
      release();
      address.current = undefined;
      setFile(undefined);
    },
  };
}
