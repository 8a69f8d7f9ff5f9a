"""A login for measuring, put straight into the SQLite file: base.py DATABASE LOGIN-NAME -> the cookie."""
import hashlib, secrets, sqlite3, sys, time


def login(path, name):
    token, db = secrets.token_hex(32), sqlite3.connect(path, timeout=20)
    account, side = db.execute("SELECT a.id, m.side FROM account a JOIN membership m ON m.person_id = a.person_id WHERE a.login_name = ?", (name,)).fetchone()
    now = int(time.time())
    db.execute("INSERT INTO login (version, token_digest, account_id, base_id, side, csrf, begun_at, seen_at, ends_at, agent, language) VALUES (1,?,?,1,?,?,?,?,?,'',0)",
               (hashlib.blake2b(token.encode(), digest_size=32).hexdigest(), account, side, secrets.token_hex(32), now, now, now + 40000))
    db.commit()
    return token


if __name__ == "__main__":
    print(login(*sys.argv[1:3]))
