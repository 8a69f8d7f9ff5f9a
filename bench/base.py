"""A login for measuring, put straight into the SQLite file: base.py DATABASE LOGIN-NAME -> the cookie."""
import hashlib, secrets, sqlite3, sys, time


def login(path, name):
    token, db = secrets.token_hex(32), sqlite3.connect(path, timeout=20)
    account = db.execute("SELECT id FROM account WHERE login_name = ?", (name,)).fetchone()[0]
    now = int(time.time())
    db.execute("INSERT INTO login (version, token_digest, account_id, base_id, csrf, begun_at, seen_at, ends_at, agent, language) VALUES (1,?,?,1,?,?,?,?,'',0)",
               (hashlib.blake2b(token.encode(), digest_size=32).hexdigest(), account, secrets.token_hex(32), now, now, now + 40000))
    db.commit()
    return token


if __name__ == "__main__":
    print(login(*sys.argv[1:3]))
