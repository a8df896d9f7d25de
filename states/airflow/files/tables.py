#!/opt/airflow/bin/python
"""Written by Butler. Ends with 1 when Airflow's database answers and has no tables, having been made anew. When it
can't be asked, something else is at fault, and the tables are taken to be there."""

import configparser
import sys

SETTINGS = {"sslmode": "verify-full", "sslrootcert": "/etc/ssl/butler-ca.crt", "connect_timeout": 5}


def are_missing() -> bool:
    try:
        import psycopg2

        config = configparser.ConfigParser(interpolation=None)
        with open("/etc/airflow/airflow.cfg", encoding="utf-8") as file:
            config.read_file(file)
        url = config["database"]["sql_alchemy_conn"].replace("+psycopg2", "", 1)
        connection = psycopg2.connect(url, **SETTINGS)
        with connection, connection.cursor() as cursor:
            cursor.execute("select to_regclass('alembic_version') is null")
            return cursor.fetchone()[0]
    except Exception as error:  # whatever it is, nothing says that the tables are missing
        print(f"not asked: {error}", file=sys.stderr)
        return False


sys.exit(are_missing())
