// Everything here only improves a page that already works: films play in place, comments post in one step,
// the contents list follows the reader.
import { improveComments } from "./comment.js";
import { followContents } from "./contents.js";
import { improveFilms } from "./film.js";

improveFilms(document);
improveComments(document);
followContents(document);
