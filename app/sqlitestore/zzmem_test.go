package sqlitestore_test
import ("testing";"fmt";"path/filepath";"runtime";"os";"strings";"time"; "sync"
"first5/app";"first5/app/archive";"github.com/stretchr/testify/require")
func rss() string { b,_ := os.ReadFile("/proc/self/status"); for l := range strings.Lines(string(b)) { if strings.HasPrefix(l,"VmHWM") {return strings.TrimSpace(l)} }; return "" }
func TestZZMem(t *testing.T) {
 d := t.TempDir(); if os.Getenv("ZZDIR") != "" { d = os.Getenv("ZZDIR") }
 s := open(t, filepath.Join(d,"a.db"))
 var wg sync.WaitGroup; _ = wg
 t0 := time.Now()
 const N = 200000
 var people, recs []archive.Item
 flush := func(){ if len(people)>0 {require.NoError(t,s.Put(t.Context(),people))}; if len(recs)>0 {require.NoError(t,s.Put(t.Context(),recs))}; people,recs=nil,nil }
 for n := range N {
  l := app.NewLearnerID("i", fmt.Sprint(n/20))
  if n%20==0 { people = append(people, archive.Item{Kind:archive.People, Person:&archive.Person{Learner:l,Institution:"m",Issuer:"i",Subject:fmt.Sprint(n/20),Name:"Some Name",Email:"a@b"}}) }
  r := &archive.Record{ID: app.NewRecordID(l, fmt.Sprint("m",n%20),"2026"),Institution:"m",Learner:l,Program:"p",Module:fmt.Sprint("m",n%20),Title:"Some title",Edition:"2026",Version:1}
  for k := range 4 { r.Attempts = append(r.Attempts, archive.Attempt{ID:app.AttemptID(app.NewToken()),Module:r.Module,Version:1,At:time.UnixMilli(int64(n*10+k)).UTC(),Answers:[]archive.Answer{{Question:"need",Chosen:[]string{"heard"}},{Question:"rivera",Chosen:[]string{"listen","ask"}},{Question:"next",Chosen:[]string{"wait"}}}}) }
  recs = append(recs, archive.Item{Kind:archive.Records,Record:r})
  if len(recs)==1000 { flush() } }
 flush()
 fmt.Println("put", time.Since(t0), rss()); runtime.GC()
 t0=time.Now()
 first := true
 n := 0
 for _, err := range s.Items(t.Context(), archive.Records) { require.NoError(t,err); if first {fmt.Println("first after", time.Since(t0)); first=false}; n++ }
 fmt.Println("items", n, time.Since(t0), rss())
 t0=time.Now()
 f, err := os.Create(filepath.Join(d,"b.gz")); require.NoError(t,err)
 c, err := archive.Write(t.Context(), f, s, archive.About{Store:"sqlite"}, nil); require.NoError(t,err)
 fi,_ := f.Stat(); fmt.Println("write", time.Since(t0), rss(), fi.Size(), c[1].Items)
 t0=time.Now()
 b := open(t, filepath.Join(d,"b.db"))
 _, err = archive.Restore(t.Context(), f, b, "x", archive.Options{}); require.NoError(t,err)
 fmt.Println("restore", time.Since(t0), rss())
 t0=time.Now()
 require.NoError(t, b.Clear(t.Context()))
 fmt.Println("clear", time.Since(t0), rss())
 require.NoError(t, b.Close()); require.NoError(t, s.Close())
}
