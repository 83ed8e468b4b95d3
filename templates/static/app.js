/** What a page does beyond links and forms: copying a snippet, pages that stay fresh, rows that show what they need, menus that close. Everything works without it. */
import {start as startAmend} from './amend.js';
import {start as startCopy} from './copy.js';
import {start as startDrops} from './drops.js';
import {start as startFresh} from './fresh.js';
import {start as startSide} from './side.js';

startAmend(document);
startCopy(document);
startDrops(document);
startFresh(document);
startSide(document);
