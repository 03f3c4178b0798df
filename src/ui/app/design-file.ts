import type { Studio } from '../../store/studio.ts';

/** A name that every file system takes, from a design's name: "Orders and billing" gives "orders-and-billing". */
export function fileStem(name: string): string {
  const stem = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return stem || 'design';
}

/** Hands a text to the browser as a download. */
export function download(text: string, fileName: string, mediaType: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser has taken the blob once the click is handled; a later turn is safe in all of them.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** Downloads the design as a `.spillway.json` file. */
export function saveDesignFile(studio: Studio): void {
  const { design } = studio.designs.getState();
  download(studio.edit.fileText(), `${fileStem(design.name)}.spillway.json`, 'application/json');
}

/** Largest design file that is read, in bytes; far above any real one, far below what would hang the page. */
const FILE_BYTES_MAX = 20_000_000;

/** Opens a dropped or chosen file; a file that cannot be read says so in the notice and changes nothing. */
export async function openDesignFile(studio: Studio, file: File): Promise<void> {
  if (file.size > FILE_BYTES_MAX) {
    const megabytes = Math.round(file.size / 1_000_000);
    studio.designs.setState({
      notice: {
        severity: 'error',
        code: 'file-too-large',
        message: `${file.name} has ${megabytes} MB; a design file has at most ${FILE_BYTES_MAX / 1_000_000} MB.`,
      },
    });
    return;
  }
  await studio.edit.openText(await file.text(), file.name);
}

/** Asks for a file and opens it. */
export function chooseDesignFile(studio: Studio): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,application/json';
  input.hidden = true;
  input.onchange = () => {
    const file = input.files?.[0];
    input.remove();
    if (file) void openDesignFile(studio, file);
  };
  input.oncancel = () => input.remove();
  // An input outside the page may be collected as garbage before the browser has asked for the file.
  document.body.append(input);
  input.click();
}
