import { linkFragment } from '../../design/design-link.ts';
import { groupDigits } from '../../design/wording.ts';
import type { Studio } from '../../store/studio.ts';

/** Some programs cut links that are longer. */
const LONG = 8000;

/** Copies an address that holds the whole design; where the browser does not let it, the address bar gets it. */
export async function copyLink(studio: Studio): Promise<void> {
  const fragment = await linkFragment(studio.edit.fileText());
  const { origin, pathname } = location;
  const link = `${origin}${pathname}#${fragment}`;
  const long =
    link.length > LONG
      ? ` It has ${groupDigits(link.length)} characters, which some programs cut off: then send the file.`
      : '';
  const tell = (what: string) =>
    studio.designs.setState({
      notice: { severity: 'info', code: 'link', message: `${what}${long}` },
    });
  try {
    await navigator.clipboard.writeText(link);
    tell('Link copied. It holds the whole design with its seed: whoever opens it sees the same run.');
  } catch {
    history.replaceState(history.state, '', `#${fragment}`);
    tell('The link stands in the address bar now. It holds the whole design with its seed.');
  }
}
