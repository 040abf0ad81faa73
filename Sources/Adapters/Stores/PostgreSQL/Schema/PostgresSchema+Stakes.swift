extension PostgresSchema {
    /// Totals of what is at stake: what each writer has added and taken away, in a row of its own for each asset, so
    /// that no two runners wait for each other. One may be below zero; their sum is what all sagas' rows say together.
    static let stakes = """
        CREATE TABLE stake(writer bigint, asset text COLLATE "C", amount numeric NOT NULL, PRIMARY KEY(writer, asset))
            WITH (fillfactor = 50);
        INSERT INTO stake(writer, asset, amount)
            SELECT 0, substr(u.line, length(split_part(u.line, ' ', 1)) + length(split_part(u.line, ' ', 2)) + 3),
                sum(split_part(u.line, ' ', 1)::numeric)
            FROM (SELECT exposures FROM progress UNION ALL SELECT exposures FROM finished) AS t
                CROSS JOIN LATERAL unnest(string_to_array(convert_from(t.exposures, 'UTF8'), E'\\n')) AS u(line)
            WHERE t.exposures IS NOT NULL AND u.line <> ''
            GROUP BY 2;
        """
}
