/** What a page does beyond links and forms: copying a snippet, pages that stay fresh. Everything works without it. */
import {start as startCopy} from './copy.js';
import {start as startFresh} from './fresh.js';

startCopy(document);
startFresh(document);
