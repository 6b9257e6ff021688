import time
from tests.nets import world as w
from tests.conftest import *
from django.test import Client
def test_x(home, editor_client, publisher_client, moderator_client, reader_client, administrator_client, transactional_db=None):
    wd = w.build(home)
    cs = w.cases(wd)
    roles = dict(anon=Client(), reader=reader_client, mod=moderator_client, ed=editor_client, pub=publisher_client, adm=administrator_client)
    T={}
    for c in cs:
        out=[]
        for n,cl in roles.items():
            t=time.time()
            try:
                r = cl.get(c.path)
                out.append(f"{n}={r.status_code}" + (f"→{r['Location'][:30]}" if 'Location' in r else ''))
            except Exception as e:
                out.append(f"{n}=EXC {type(e).__name__} {str(e)[:60]}")
            T[n]=T.get(n,0)+time.time()-t
        if c.row.known_as=='wagtailadmin_logout': pass
        print(f"{c.key:60} {c.path[:40]:40}", ' '.join(out))
    print(T)
