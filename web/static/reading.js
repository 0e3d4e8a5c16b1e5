// What the page of a module does beyond what every page does. They are one file
// for the phone that loads them.

import "static/page.js";
import "static/deck.js";
import "static/conversation.js";
import "static/reflection.js";
import "static/sending.js";
