// oracle: leak class=cache kind=map line=21 func=Greet rate=1 driver=call entries=FuzzGreet
//
// github.com/gorilla/sessions v1.1.1: what belongs to a request is kept in a global map by request, and nobody removes it.
// https://github.com/gorilla/sessions/issues/122, v1.2.0
package login

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/gorilla/sessions"
)

var store = sessions.NewCookieStore([]byte("a key of thirty-two bytes, or so"))

// Greet remembers the name of a visitor in a session.
func Greet(w http.ResponseWriter, r *http.Request) {
	session, err := store.Get(r, "visitor") // culprit
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	session.Values["name"] = r.FormValue("name")
	if err := session.Save(r, w); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	fmt.Fprintf(w, "hello, %s", r.FormValue("name"))
}

func FuzzGreet(f *testing.F) {
	f.Add("Ada")
	f.Fuzz(func(t *testing.T, name string) {
		w := httptest.NewRecorder()
		Greet(w, httptest.NewRequest("GET", "/?name="+url.QueryEscape(name), nil))
		if w.Code != http.StatusOK && len(name) < 1000 {
			t.Error(w.Code, w.Body)
		}
	})
}
