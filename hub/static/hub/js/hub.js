// Everything here only improves a page that already works: films play in place, comments post in one step,
// the contents list follows the reader, the search field proposes pages.
import { improveComments } from "./comment.js";
import { followContents } from "./contents.js";
import { improveFilms } from "./film.js";
import { suggestPages } from "./suggest.js";

improveFilms(document);
improveComments(document);
followContents(document);
suggestPages(document);
