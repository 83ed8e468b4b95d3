/** What a page does beyond links and forms: copying a snippet, pages that stay fresh, rows that show what they need. Everything works without it. */
import {start as startAmend} from './amend.js';
import {start as startCopy} from './copy.js';
import {start as startFresh} from './fresh.js';

startAmend(document);
startCopy(document);
startFresh(document);
