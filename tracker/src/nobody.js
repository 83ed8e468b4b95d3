/** The second script of a visitor for whom no experiment runs. */
import {preview} from './preview.js';

preview();
