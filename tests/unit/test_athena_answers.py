"""Answers of Athena's SQL, each as Trino 435 gives it; decimal literals are doubles, as in Athena.

https://docs.aws.amazon.com/athena/latest/ug/data-types-considerations.html
"""
# ruff: noqa: E501 (a statement is one line)
# fmt: off

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from services.edge.athena.engine import values
from services.edge.athena.engine.session import as_query_error, connected
from services.edge.athena.engine.values import writer
from services.edge.athena.sql.errors import MalformedQueryError, QueryError
from services.edge.athena.sql.statements import read
from services.edge.athena.sql.translation import translated

ANSWERS = [
    ('SELECT x FROM (VALUES 1,1,2,2,3) t(x) ORDER BY x FETCH FIRST 3 ROWS WITH TIES', [['1'], ['1'], ['2'], ['2']]),
    ('SELECT x FROM (VALUES 1,1,2,2,3) t(x) ORDER BY x DESC FETCH FIRST ROW WITH TIES', [['3']]),
    ('SELECT * FROM TABLE(sequence(start => 1, stop => 5, step => 2))', [['1'], ['3'], ['5']]),
    ('SELECT count(*) FROM TABLE(sequence(0,10000))', [['10001']]),
    ("SELECT 'abc' NOT LIKE 'b%', 'a' NOT LIKE 'a#%' ESCAPE '#'", [['true', 'true']]),
    ("SELECT 1 AS \"a\"\"; DROP\"", [['1']]),
    ("SELECT \"a\"\"; DROP\" FROM (SELECT 1 AS \"a\"\"; DROP\") \"t\"\"x\"", [['1']]),
    ("SELECT CAST(ROW(1) AS ROW(\"a := 2, b := current_setting('threads')\" integer))", [["{a := 2, b := current_setting('threads')=1}"]]),
    ('SELECT json_size(\'{"x":{"a":1,"b":2}}\',\'$.x\'), json_size(\'{"x":[1,2]}\',\'$.x\'), json_size(\'{"x":1}\',\'$.x\'), json_size(\'{"x":1}\',\'$.y\'), is_json_scalar(\'1\'), is_json_scalar(\'[1]\'), is_json_scalar(JSON \'"a"\')', [['2', '2', '0', None, 'true', 'false', 'true']]),
    ("SELECT CAST(m AS json) FROM (VALUES MAP(ARRAY['b','a'],ARRAY[2,4]), NULL, MAP(ARRAY[],ARRAY[])) t(m)", [['{"a":4,"b":2}'], [None], ['{}']]),
    ("SELECT CAST(CAST('10000-01-01' AS date) AS varchar), CAST(date '0001-01-01' - interval '400' day AS varchar), CAST(timestamp '9999-12-31 00:00:00' + interval '1' day AS varchar)", [['+10000-01-01', '-0001-11-28', '+10000-01-01 00:00:00.000']]),
    ("SELECT TRY_CAST('+10000-1-1' AS date) > date '2020-01-01', year(TRY_CAST('-0001-01-01' AS date)), json_format(CAST(CAST('10000-01-01' AS date) AS json))", [['true', '-1', '"+10000-01-01"']]),
    ("SELECT map_agg(k, CAST(v AS json)) FROM (VALUES ('a',1)) t(k,v)", [['{a=1}']]),
    ("SELECT ROW(1,2), ROW('a',ROW(1,NULL)), ARRAY[ROW(1,'x')], map(ARRAY[1],ARRAY[ROW(2,3)]), CAST(ROW(1,'x') AS ROW(a integer, b varchar)), CAST(ROW(1,'x') AS ROW(a bigint, b varchar)).a", [['{field0=1, field1=2}', '{field0=a, field1={field0=1, field1=null}}', '[{field0=1, field1=x}]', '{1={field0=2, field1=3}}', '{a=1, b=x}', '1']]),
    ('SELECT CAST(ROW(1,2) AS ROW("weird name" integer, "q""uote" integer))."q""uote"', [['2']]),
    ("SELECT ROW(1,2)[1], ROW('x',3)[2]", [['1', '3']]),
    ('SELECT ROW(1,NULL)=ROW(1,NULL)', [[None]]),
    ('SELECT ROW(1,NULL)<>ROW(1,NULL)', [[None]]),
    ('SELECT ROW(1,NULL) IN (ROW(1,NULL), ROW(2,3))', [[None]]),
    ('SELECT ROW(1,2) NOT IN (ROW(1,NULL), ROW(2,2))', [[None]]),
    ('SELECT ARRAY[1,NULL]=ARRAY[1,NULL]', [[None]]),
    ('SELECT ARRAY[1,NULL]<>ARRAY[1,NULL]', [[None]]),
    ('SELECT ARRAY[1,NULL] IN (ARRAY[1,NULL])', [[None]]),
    ("SELECT map(ARRAY['a','b'],ARRAY[1,2]) = map(ARRAY['b','a'],ARRAY[2,1])", [['true']]),
    ("SELECT map(ARRAY['a'],ARRAY[NULL]) = map(ARRAY['a'],ARRAY[NULL])", [[None]]),
    ('SELECT array_position(ARRAY[1,NULL,2], 2), array_position(ARRAY[1,NULL], NULL), array_position(ARRAY[1],3)', [['3', None, '0']]),
    ('SELECT array_remove(ARRAY[1,NULL,2,1], 1), array_remove(ARRAY[1,NULL], NULL)', [['[null, 2]', None]]),
    ('SELECT arrays_overlap(ARRAY[1,2],ARRAY[2,3]), arrays_overlap(ARRAY[1,NULL],ARRAY[2,3]), arrays_overlap(ARRAY[1,NULL],ARRAY[1]), arrays_overlap(ARRAY[NULL],ARRAY[NULL])', [['true', None, 'true', None]]),
    ('SELECT array_max(ARRAY[1,NULL]), array_max(ARRAY[1,5,3]), array_min(ARRAY[2,1]), array_min(ARRAY[NULL,1])', [[None, '5', '1', None]]),
    ('SELECT array_max(CAST(ARRAY[] AS array(integer)))', [[None]]),
    ('SELECT array_union(ARRAY[1,NULL,1],ARRAY[2,NULL]), array_intersect(ARRAY[1,NULL,2,2],ARRAY[NULL,2]), array_except(ARRAY[1,NULL,1,3],ARRAY[3])', [['[1, null, 2]', '[null, 2]', '[1, null]']]),
    ('SELECT nullif(ROW(1,NULL),ROW(1,NULL))', [['{field0=1, field1=null}']]),
    ("SELECT CASE ROW(1,NULL) WHEN ROW(1,NULL) THEN 'same' ELSE 'other' END", [['other']]),
    ('SELECT count(DISTINCT x) FROM (VALUES ROW(1,2),ROW(1,2),ROW(1,3)) t(x,y)', [['1']]),
    ('SELECT a, count(*) FROM (VALUES ROW(ROW(1,NULL)), ROW(ROW(1,NULL))) t(a) GROUP BY a', [['{field0=1, field1=null}', '2']]),
    ('SELECT count(*) FROM (VALUES ROW(ROW(1,NULL))) t(a) JOIN (VALUES ROW(ROW(1,NULL))) u(b) ON a=b', [['0']]),
    ("SELECT greatest(1,2,3), least('b','a'), greatest(1,2.5), greatest(NULL,1), greatest(date '2020-01-01', date '2021-01-01')", [['3', 'a', '2.5', None, '2021-01-01']]),
    ('SELECT greatest(nan(), 1e0), least(nan(), 1e0), nan() = nan(), nan() > 1e0, nan() < 1e0, nan() IS DISTINCT FROM nan()', [['1.0', '1.0', 'false', 'false', 'false', 'false']]),
    ('SELECT 1e0 = nan(), nan() <> nan(), nan() BETWEEN 1e0 AND 2e0, nan() IN (nan())', [['false', 'true', 'false', 'false']]),
    ('SELECT max(x), min(x) FROM (VALUES nan(), 1e0) t(x)', [['1.0', '1.0']]),
    ("SELECT map_agg(k,v) FROM (VALUES ('a',1),('b',NULL),(NULL,3)) t(k,v)", [['{a=1, b=null}']]),
    ("SELECT max_by(a,b,2), min_by(a,b,2) FROM (VALUES ('x',1),('y',5),('z',3)) t(a,b)", [['[y, z]', '[x, z]']]),
    ('SELECT 1/0.0, -1/0.0, 0/0.0, 1/3.0, 10/3.0, 0.1+0.2, 1.1*1.1', [['Infinity', '-Infinity', 'NaN', '0.3333333333333333', '3.3333333333333335', '0.30000000000000004', '1.2100000000000002']]),
    ("SELECT -DECIMAL '1.50', abs(DECIMAL '-1.50'), sign(DECIMAL '-2.5'), sign(DECIMAL '0.0'), sign(-3), sign(-2.5), sign(0e0)", [['-1.50', '1.50', '-1', '0', '-1', '-1.0', '0.0']]),
    ("SELECT round(DECIMAL '2.5'), round(DECIMAL '-2.5'), round(DECIMAL '2.345',2), round(DECIMAL '99.9'), round(DECIMAL '125',-1), round(DECIMAL '123.45', 5)", [['3', '-3', '2.350', '100', '130', '123.45']]),
    ("SELECT ceil(DECIMAL '2.1'), floor(DECIMAL '-2.1'), truncate(DECIMAL '-2.7'), truncate(DECIMAL '12.345',2), truncate(DECIMAL '12.345',-1)", [['3', '-3', '-2', '12.340', '10.000']]),
    ("SELECT CAST(DECIMAL '2.55' AS decimal(2,1)), CAST(DECIMAL '-2.55' AS decimal(2,1)), CAST(2.55e0 AS decimal(3,1)), CAST(1.005e0 AS decimal(10,2)), CAST(0.1e0 AS decimal(20,18)), CAST(2.675e0 AS decimal(10,2))", [['2.6', '-2.6', '2.6', '1.01', '0.100000000000000000', '2.68']]),
    ("SELECT CAST('1d' AS double), CAST('1.5f' AS double)", [['1.0', '1.5']]),
    ('SELECT CAST(1e7 AS varchar), CAST(1e-3 AS varchar), CAST(123456.789e0 AS varchar), CAST(1e21 AS varchar), CAST(0e0 AS varchar), CAST(-0e0 AS varchar), CAST(0.1e0 AS varchar), CAST(100e0 AS varchar)', [['1.0E7', '1.0E-3', '1.23456789E5', '1.0E21', '0E0', '0E0', '1.0E-1', '1.0E2']]),
    ("SELECT CAST(REAL '1.1' AS varchar), CAST(REAL '1e10' AS varchar), CAST(REAL '0.1' AS double), CAST(1.1e0 AS real), CAST(REAL '16777217' AS varchar)", [['1.1E0', '1.0E10', '0.10000000149011612', '1.1', '1.677722E7']]),
    ("SELECT CAST(DECIMAL '1.50' AS varchar), CAST(DECIMAL '0.05' AS varchar), CAST(DECIMAL '-0.5' AS varchar), CAST(12 AS varchar), CAST(true AS varchar), CAST(tinyint '5' AS varchar)", [['1.50', '0.05', '-0.5', '12', 'true', '5']]),
    ("SELECT TRY_CAST('abc' AS integer), TRY_CAST(300 AS tinyint), TRY_CAST('2020-13-01' AS date), TRY_CAST(12345 AS varchar(3)), TRY_CAST(nan() AS integer)", [[None, None, None, None, None]]),
    ('SELECT 1e0, 1.0e10, 1e7, 1e6, 123456789e0, 0.001e0, 0.0001e0, 1e-5, 1e100, 4.9e-324, 1.7976931348623157e308', [['1.0', '1.0E10', '1.0E7', '1000000.0', '1.23456789E8', '0.001', '1.0E-4', '1.0E-5', '1.0E100', '4.9E-324', '1.7976931348623157E308']]),
    ("SELECT REAL '1e7', REAL '0.001', REAL '3.4028235e38', REAL '1e-45', REAL '123456.7'", [['1.0E7', '0.001', '3.4028235E38', '1.4E-45', '123456.7']]),
    ('SELECT 1 + 2.5, 1.5, .5, 5., 1.50, 123456789.123456789', [['3.5', '1.5', '0.5', '5.0', '1.5', '1.2345678912345679E8']]),
    ("SELECT mod(5,3), mod(-5,3), mod(5.5,2), mod(DECIMAL '5.5',2), mod(5e0,0), mod(bigint '10',3)", [['2', '-2', '1.5', '1.5', 'NaN', '1']]),
    ('SELECT bitwise_and(19,25), bitwise_or(19,25), bitwise_xor(19,25), bitwise_not(-12), bitwise_left_shift(1,2), bitwise_right_shift(-8,1), bitwise_right_shift_arithmetic(-8,1), bit_count(9,64), bit_count(-7,64), bit_count(-7,8)', [['17', '27', '10', '11', '4', '2147483644', '-4', '2', '62', '6']]),
    ("SELECT bitwise_left_shift(1,31), bitwise_left_shift(1,32), bitwise_left_shift(bigint '1',63), bitwise_right_shift(tinyint '-8', 1), bitwise_left_shift(tinyint '7',7), bitwise_right_shift_arithmetic(bigint '-1',70), bitwise_right_shift(bigint '-1', 1)", [['-2147483648', '0', '-9223372036854775808', '124', '-128', '-1', '9223372036854775807']]),
    ('SELECT width_bucket(5.35e0,0.024e0,10.06e0,5), width_bucket(-1e0,0e0,10e0,5), width_bucket(11e0,0e0,10e0,5), width_bucket(5e0,10e0,0e0,5), width_bucket(3e0, ARRAY[1e0,2e0,4e0]), width_bucket(10e0, ARRAY[1e0,2e0,4e0])', [['3', '0', '6', '3', '2', '3']]),
    ("SELECT to_base(255,16), to_base(-10,2), from_base('ff',16), from_base('-101',2)", [['ff', '-1010', '255', '-5']]),
    ("SELECT typeof(1+1), typeof(1+bigint '1'), typeof(1/2), typeof(tinyint '1'+smallint '1'), typeof(1+REAL '1'), typeof(DECIMAL '1.5'*DECIMAL '1.25'), typeof(sum(1)), typeof(avg(1)), typeof(count(*)), typeof(sum(REAL '1')), typeof(avg(DECIMAL '1.5')), typeof(sum(DECIMAL '1.5'))", [['integer', 'bigint', 'integer', 'smallint', 'real', 'decimal(5,3)', 'bigint', 'double', 'bigint', 'real', 'decimal(2,1)', 'decimal(38,1)']]),
    ("SELECT typeof(interval '1' day), typeof(interval '1' month), typeof(time '01:02:03'), typeof(current_date), typeof(current_timestamp), typeof(uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59'), typeof(ipaddress '10.0.0.1'), typeof(json '1'), typeof(from_unixtime(0)), typeof(date_trunc('day',timestamp '2020-01-01 00:00')), typeof(year(date '2020-01-01'))", [['interval day to second', 'interval year to month', 'time(0)', 'date', 'timestamp(3) with time zone', 'uuid', 'ipaddress', 'json', 'timestamp(3) with time zone', 'timestamp(0)', 'bigint']]),
    ("SELECT typeof(coalesce(1,2.5)), typeof(CASE WHEN true THEN 'a' ELSE 'bcd' END), typeof(if(true,1,bigint '2')), typeof(greatest(1,2.5e0)), typeof(nullif(1,2)), typeof(ARRAY[1,2.5]), typeof(ARRAY[]), typeof(ARRAY['a','bcd']), typeof(abs(DECIMAL '-1.50')), typeof(round(DECIMAL '1.25',1)), typeof(ceil(DECIMAL '1.25')), typeof(-1), typeof(2147483648), typeof(9223372036854775807)", [['double', 'varchar(3)', 'bigint', 'double', 'integer', 'array(double)', 'array(unknown)', 'array(varchar(3))', 'decimal(3,2)', 'decimal(4,2)', 'decimal(2,0)', 'integer', 'bigint', 'bigint']]),
    ('SELECT -9223372036854775808', [['-9223372036854775808']]),
    ('SELECT corr(x,y), regr_slope(y,x) FROM (VALUES (1e0,2e0)) t(x,y)', [[None, None]]),
    ('SELECT approx_percentile(x,0.5), approx_percentile(x,ARRAY[0.25,0.75]), approx_percentile(x,y,0.5) FROM (VALUES (1,1),(2,1),(3,1),(4,9)) t(x,y)', [['3', '[2, 4]', '4']]),
    ('SELECT approx_percentile(x,0.5) FROM (VALUES 1,2,3,4) t(x)', [['3']]),
    ('SELECT approx_percentile(x,0.5) FROM (VALUES 1e0,2e0,3e0,4e0) t(x)', [['3.0']]),
    ("SELECT multimap_agg(k,v) FROM (VALUES ('a',1),('a',2)) t(k,v)", [['{a=[1, 2]}']]),
    ("SELECT sum(tinyint '1'), sum(smallint '1'), max(tinyint '3'), typeof(max(tinyint '3'))", [['1', '1', '3', 'tinyint']]),
    ('SELECT * FROM (SELECT 1, 2 AS b)', [['1', '2']]),
    ('SELECT * FROM (VALUES (1,2))', [['1', '2']]),
    ('SELECT * FROM (VALUES (1,2)) t', [['1', '2']]),
    ('SELECT count(*) FROM (SELECT * FROM (SELECT 1+1, 2) t)', [['1']]),
    ('SELECT *, 1 FROM (SELECT 1, 2) t', [['1', '2', '1']]),
    ('SELECT 1 UNION ALL SELECT 2.5', [['1.0'], ['2.5']]),
    ('SELECT * FROM UNNEST(ARRAY[CAST(ROW(1) AS ROW("a\'b" integer))])', [['1']]),
    ('SELECT CAST(ROW(1,2) AS ROW(a integer, A integer))', [['{a=1, a=2}']]),
    ("SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t (id, name) WHERE (id, name) IN (SELECT 2, 'b')", [['2', 'b']]),
    ('SELECT "sum"(x) FROM (VALUES 1) t(x)', [['1']]),
    ("SELECT zip(ARRAY[1,2],ARRAY['a']), zip_with(ARRAY[1,2],ARRAY[3],(x,y)->x+y), reduce(ARRAY[1,2,3],0,(s,x)->s+x,s->s*10), reduce(ARRAY[],0,(s,x)->s,s->s), reduce(ARRAY[1,NULL],0,(s,x)->s+coalesce(x,0),s->s)", [['[{field0=1, field1=a}, {field0=2, field1=null}]', '[4, null]', '60', '0', '1']]),
    ("SELECT map_filter(map(ARRAY['a','b'],ARRAY[1,2]),(k,v)->v>1), transform_values(map(ARRAY['a'],ARRAY[1]),(k,v)->v+1), transform_keys(map(ARRAY['a'],ARRAY[1]),(k,v)->k||'x'), map_zip_with(map(ARRAY['a'],ARRAY[1]),map(ARRAY['a'],ARRAY[2]),(k,x,y)->x+y), map_entries(map(ARRAY['a'],ARRAY[1])), map_from_entries(ARRAY[('a',1)]), multimap_from_entries(ARRAY[('a',1),('a',2)]), map_concat(map(ARRAY['a'],ARRAY[1]),map(ARRAY['a','b'],ARRAY[2,3]))", [['{b=2}', '{a=2}', '{ax=1}', '{a=3}', '[{field0=a, field1=1}]', '{a=1}', '{a=[1, 2]}', '{a=2, b=3}']]),
    ("SELECT array_join(ARRAY[1,NULL,2],','), array_join(ARRAY[1,NULL,2],',','x'), array_join(ARRAY['a'],'-'), array_join(ARRAY[1.5e0,true_x],',') FROM (VALUES 2e0) t(true_x)", [['1,2', '1,x,2', 'a', '1.5E0,2.0E0']]),
    ("EXECUTE IMMEDIATE 'SELECT ? + ?' USING 1, 2", [['3']]),
    ("EXECUTE IMMEDIATE 'SELECT 1'", [['1']]),
    ("EXECUTE IMMEDIATE 'SELECT ?' USING 'it''s'", [["it's"]]),
    ("EXECUTE IMMEDIATE 'SELECT ?' USING 1+1", [['2']]),
    ("EXECUTE IMMEDIATE 'SELECT ?' USING date '2020-01-01'", [['2020-01-01']]),
    ("EXECUTE IMMEDIATE 'SELECT ?' USING upper('a')", [['A']]),
    ("EXECUTE IMMEDIATE 'SELECT ?' USING ARRAY[1,2]", [['[1, 2]']]),
    ("EXECUTE IMMEDIATE 'SELECT ?' USING DATE '2020-01-01' + INTERVAL '1' DAY", [['2020-01-02']]),
    ("EXECUTE IMMEDIATE 'SELECT ?' USING NULL", [[None]]),
    ("SELECT length('😀'), length(''), length('e' || chr(769)), upper('ß'), upper('éa'), lower('ÀÉ'), lower('İ'), reverse('a😀b'), upper('ŉ')", [['1', '0', '2', 'ß', 'ÉA', 'àé', 'i', 'b😀a', 'ŉ']]),
    ("SELECT strpos('abcabc','c'), strpos('abcabc','c',2), strpos('abc','x'), strpos('abc',''), position('b' IN 'abc'), strpos('abcabc','c',-1)", [['3', '6', '0', '1', '2', '6']]),
    ("SELECT trim('  a '), ltrim('  a '), rtrim('  a '), trim(BOTH 'x' FROM 'xxaxx'), trim(LEADING 'x' FROM 'xxa'), trim('xxa','x'), ltrim('xya','xy'), rtrim('axy','yx'), trim(chr(160)||'a'), trim(chr(8195)||'a')", [['a', 'a ', '  a', 'a', 'a', 'a', 'a', 'a', '\xa0a', 'a']]),
    ("SELECT replace('abc','b'), replace('abc','b','xx'), replace('abc','','-'), replace('aaa','a','b')", [['ac', 'axxc', '-a-b-c-', 'bbb']]),
    ("SELECT concat_ws(',','a',NULL,'b'), concat_ws(',',ARRAY['a',NULL]), concat_ws(NULL,'a'), concat_ws(',', ARRAY[])", [['a,b', 'a', None, '']]),
    ("SELECT split('a,b,c',','), split('a,b,c',',',2), split('',','), split('abc','x'), split('a,,b',',')", [['[a, b, c]', '[a, b,c]', '[]', '[abc]', '[a, , b]']]),
    ("SELECT split_to_map('a=1,b=2',',','='), split_to_map('',',','=')", [['{a=1, b=2}', '{}']]),
    ("SELECT levenshtein_distance('kitten','sitting'), levenshtein_distance('','a'), hamming_distance('abc','abd'), hamming_distance('','')", [['3', '1', '1', '0']]),
    ("SELECT soundex('123')", [['']]),
    ("SELECT 'abc' LIKE 'a%', 'abc' LIKE 'a_c', 'a%c' LIKE 'a\\%c', 'a%c' LIKE 'a\\%c' ESCAPE '\\', 'a_c' LIKE 'a#_c' ESCAPE '#', 'abc' NOT LIKE 'b%', 'ABC' LIKE 'abc', 'a😀c' LIKE 'a_c', 'a' || chr(10) || 'c' LIKE 'a%c'", [['true', 'true', 'false', 'true', 'true', 'true', 'false', 'true', 'true']]),
    ("SELECT regexp_like('xaay','(a)\\1'), regexp_like('ab','a(?=b)'), regexp_like('ab','(?<!x)b'), regexp_like('a1','\\p{Alpha}\\p{Digit}'), regexp_like('É','\\p{Lu}'), regexp_like('ab','a(?#c)b')", [['true', 'true', 'true', 'true', 'true', 'true']]),
    ("SELECT regexp_extract('1a 2b 14m','\\d+'), regexp_extract('1a 2b','(\\d+)([a-z]+)',2), regexp_extract('abc','(x)?b',1), regexp_extract('abc','x'), regexp_extract('k=v','(?<k>\\w+)=',1), regexp_extract('42 EUR','\\d+(?= EUR)'), regexp_extract('aXb','(?i)x')", [['1', 'a', None, None, 'k', '42', 'X']]),
    ("SELECT regexp_extract_all('1a 2b 14m','\\d+'), regexp_extract_all('1a 2b 14m','(\\d+)([a-z]+)',2), regexp_extract_all('abc','x'), regexp_extract_all('abc',''), regexp_extract_all('ab','(x)?.',1)", [['[1, 2, 14]', '[a, b, m]', '[]', '[, , , ]', '[null, null]']]),
    ("SELECT regexp_split('1a 2b 14m','\\s*[a-z]+\\s*'), regexp_split('a1b2','(\\d)'), regexp_split('abc',''), regexp_split('','a'), regexp_split('abc','x')", [['[1, 2, 14, ]', '[a, b, ]', '[, a, b, c, ]', '[]', '[abc]']]),
    ("SELECT regexp_count('1a 2b 14m','\\s*[a-z]+\\s*'), regexp_count('aaa','aa'), regexp_count('abc',''), regexp_position('I have 23 apples, 5 pears','\\d+'), regexp_position('9 and 10','\\d+',2), regexp_position('9,10,11','\\d+',1,3), regexp_position('abc','x')", [['3', '1', '4', '8', '7', '6', '-1']]),
    ("SELECT regexp_like(NULL,'a'), regexp_extract('a',NULL), regexp_replace('a','a',NULL), regexp_split(NULL,'a')", [[None, None, None, None]]),
    ("SELECT regexp_like('aaa','a{2}'), regexp_like('a','a++'), regexp_like('ab','(?>a)b'), regexp_like('a-b','[\\w-]+$'), regexp_like('a]','[]a]'), regexp_like('x','[^a-c]'), regexp_like('b','[a-c&&[^b]]'), regexp_like('d','[a-c[d]]')", [['true', 'true', 'true', 'true', 'true', 'true', 'false', 'true']]),
    ("SELECT url_extract_host('not a url'), url_extract_host('example.com/p'), url_extract_path('%zz'), url_extract_parameter('http://example.com/?a=%20b%2Bc','a'), url_extract_parameter('http://example.com/?a','a'), url_extract_path('http://example.com/a%20b'), url_extract_query('http://example.com/?a=%26'), url_extract_fragment('http://example.com/')", [[None, '', None, ' b+c', '', '/a b', 'a=&', '']]),
    ("SELECT url_encode('a b&c/d?é~*-._'), url_decode('a+b%26c%2F%C3%A9'), url_encode('')", [['a+b%26c%2Fd%3F%C3%A9%7E*-._', 'a b&c/é', '']]),
    ("SELECT to_utf8('é'), from_utf8(X'C3A9'), from_utf8(X'FF'), from_utf8(X'58BF','?'), from_utf8(X'41FF42',''), from_utf8(X'F0288C28')", [['c3 a9', 'é', '�', 'X?', 'AB', '�(�(']]),
    ("SELECT to_base64(to_utf8('hello')), from_base64('aGVsbG8='), to_base64url(X'fbff'), from_base64url('-_8='), to_base32(to_utf8('a')), from_base32('ME======')", [['aGVsbG8=', '68 65 6c 6c 6f', '-_8=', 'fb ff', 'ME======', '61']]),
    ("SELECT to_hex(to_big_endian_32(5)), to_hex(to_big_endian_64(-5)), from_big_endian_32(X'00000005'), from_big_endian_64(X'0000000000000005'), to_hex(to_ieee754_32(REAL '1.5')), to_hex(to_ieee754_64(1.5e0)), from_ieee754_32(X'3fc00000'), from_ieee754_64(X'3ff8000000000000')", [['00000005', 'FFFFFFFFFFFFFFFB', '5', '5', '3FC00000', '3FF8000000000000', '1.5', '1.5']]),
    ('SELECT format_number(1234567), format_number(1500), format_number(12), format_number(1234.5e0), format_number(-1234567)', [['1.23M', '1.5K', '12', '1.23K', '-1.23M']]),
    ('SELECT human_readable_seconds(96), human_readable_seconds(3762), human_readable_seconds(0)', [['1 minute, 36 seconds', '1 hour, 2 minutes, 42 seconds', '0 seconds']]),
    ("SELECT parse_duration('5m'), to_milliseconds(interval '1' second)", [['0 00:05:00.000', '1000']]),
    ("SELECT CAST('a' AS varbinary)", [['61']]),
    ("SELECT uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59', CAST('12151FD2-7586-11e9-8f9e-2a86e4085a59' AS uuid), CAST(uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59' AS varchar), CAST(X'12151fd2758611e98f9e2a86e4085a59' AS uuid), uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59' = uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59'", [['12151fd2-7586-11e9-8f9e-2a86e4085a59', '12151fd2-7586-11e9-8f9e-2a86e4085a59', '12151fd2-7586-11e9-8f9e-2a86e4085a59', '12151fd2-7586-11e9-8f9e-2a86e4085a59', 'true']]),
    ("SELECT ipaddress '10.0.0.1', CAST('2001:db8::1' AS ipaddress), CAST(ipaddress '10.0.0.1' AS varchar), CAST('2001:0db8:0000:0000:0000:ff00:0042:8329' AS ipaddress), ipaddress '10.0.0.1' < ipaddress '10.0.0.2', contains('10.0.0.0/8', ipaddress '10.1.2.3')", [['10.0.0.1', '2001:db8::1', '10.0.0.1', '2001:db8::ff00:42:8329', 'true', 'true']]),
    ("SELECT ipaddress '::ffff:1.2.3.4', CAST(ipaddress '10.0.0.1' AS varbinary)", [['1.2.3.4', '00 00 00 00 00 00 00 00 00 00 ff ff 0a 00 00 01']]),
    ("SELECT interval '1' day + interval '2' hour, interval '1' day * 2, interval '3' day - interval '1' hour, -interval '1' day, interval '1' year + interval '2' month, interval '2' day / 2, interval '1' day > interval '23' hour, 2 * interval '1' month, interval '1' day * 1.5", [['1 02:00:00.000', '2 00:00:00.000', '2 23:00:00.000', '-1 00:00:00.000', '1-2', '1 00:00:00.000', 'true', '0-2', '1 12:00:00.000']]),
    ("SELECT date_diff('hour', timestamp '2024-03-10 00:00:00 America/New_York', timestamp '2024-03-11 00:00:00 America/New_York'), date_diff('day', timestamp '2024-03-10 00:00:00 America/New_York', timestamp '2024-03-11 00:00:00 America/New_York')", [['23', '1']]),
    ("SELECT date_add('millisecond',1500,timestamp '2020-01-01 00:00:00')", [['2020-01-01 00:00:02']]),
    ("SELECT date_add('hour', 1, timestamp '2024-03-10 01:30:00 America/New_York'), date_add('day', 1, timestamp '2024-03-09 12:00:00 America/New_York'), timestamp '2024-03-10 01:30:00 America/New_York' + interval '1' hour, timestamp '2024-03-09 02:30:00 America/New_York' + interval '1' day", [['2024-03-10 03:30:00 America/New_York', '2024-03-10 12:00:00 America/New_York', '2024-03-10 03:30:00.000 America/New_York', '2024-03-10 03:30:00.000 America/New_York']]),
    ("SELECT date_trunc('day', timestamp '2024-03-10 12:00:00 America/New_York'), date_trunc('hour', timestamp '2024-03-10 12:34:00 +05:30'), date_trunc('month', timestamp '2024-03-10 12:34:00 UTC')", [['2024-03-10 00:00:00 America/New_York', '2024-03-10 12:00:00 +05:30', '2024-03-01 00:00:00 UTC']]),
    ("SELECT extract(year FROM date '2020-05-17'), extract(dow FROM date '2020-05-17'), extract(doy FROM date '2020-05-17'), extract(hour FROM timestamp '2020-05-17 10:11:12'), extract(day_of_week FROM date '2020-05-17'), extract(week FROM date '2020-05-17'), extract(timezone_hour FROM timestamp '2020-01-01 00:00:00 +05:30'), extract(quarter FROM date '2020-05-17'), extract(yow FROM date '2020-05-17')", [['2020', '7', '138', '10', '7', '20', '5', '2', '2020']]),
    ("SELECT from_iso8601_date('2020-05-11'), from_iso8601_date('2020-W10'), from_iso8601_date('2020-123'), from_iso8601_date('2020-W10-3'), from_iso8601_date('2020-05')", [['2020-05-11', '2020-03-02', '2020-05-02', '2020-03-04', '2020-05-01']]),
    ("SELECT to_iso8601(date '2020-05-11'), to_iso8601(timestamp '2020-05-11 10:00:00'), to_iso8601(timestamp '2020-05-11 10:00:00.123'), to_iso8601(timestamp '2020-05-11 10:00:00.123 UTC'), to_iso8601(timestamp '2020-05-11 10:00:00 America/New_York'), to_iso8601(timestamp '2020-05-11 10:00:00 +05:30')", [['2020-05-11', '2020-05-11T10:00:00', '2020-05-11T10:00:00.123', '2020-05-11T10:00:00.123Z', '2020-05-11T10:00:00-04:00', '2020-05-11T10:00:00+05:30']]),
    ("SELECT date_parse('2020-05-07','%Y-%m-%d'), date_parse('2020-05-07 08:09:05','%Y-%m-%d %H:%i:%s'), date_parse('07/05/20','%d/%m/%y'), date_parse('May 7 2020','%M %e %Y'), date_parse('2020-5-7','%Y-%c-%e'), date_parse('20200507','%Y%m%d'), date_parse('2020-05-07 08:09:05.123','%Y-%m-%d %H:%i:%s.%f'), date_parse('2020-05-07 08:00 PM','%Y-%m-%d %h:%i %p'), date_parse('08:09','%H:%i'), date_parse('2020','%Y')", [['2020-05-07 00:00:00.000', '2020-05-07 08:09:05.000', '2020-05-07 00:00:00.000', '2020-05-07 00:00:00.000', '2020-05-07 00:00:00.000', '2020-05-07 00:00:00.000', '2020-05-07 08:09:05.123', '2020-05-07 20:00:00.000', '1970-01-01 08:09:00.000', '2020-01-01 00:00:00.000']]),
    ("SELECT timestamp '2020-01-01 10:00:00', timestamp '2020-01-01 10:00', timestamp '2020-01-01', timestamp '2020-01-01 10:00:00.1', timestamp '2020-01-01 10:00:00.123456', timestamp '2020-1-1 1:2:3', timestamp '2020-01-01 10:00:00 UTC', timestamp '2020-01-01 10:00:00.5 America/New_York', timestamp '2020-01-01 10:00:00 +05:30', timestamp '2020-01-01 10:00 -08:00', timestamp '2020-01-01 10:00:00Z'", [['2020-01-01 10:00:00', '2020-01-01 10:00:00', '2020-01-01 00:00:00', '2020-01-01 10:00:00.1', '2020-01-01 10:00:00.123456', '2020-01-01 01:02:03', '2020-01-01 10:00:00 UTC', '2020-01-01 10:00:00.5 America/New_York', '2020-01-01 10:00:00 +05:30', '2020-01-01 10:00:00 -08:00', '2020-01-01 10:00:00 UTC']]),
    ("SELECT timestamp '2024-11-03 01:30:00 America/New_York', timestamp '2024-11-03 01:30:00 America/New_York' + interval '1' hour", [['2024-11-03 01:30:00 America/New_York', '2024-11-03 01:30:00.000 America/New_York']]),
    ("SELECT sequence(date '2020-01-01', date '2020-01-03'), sequence(date '2020-01-01', date '2020-01-05', interval '2' day), sequence(date '2020-01-31', date '2020-04-30', interval '1' month), sequence(date '2020-01-03', date '2020-01-01', interval '-1' day), sequence(timestamp '2020-01-01 00:00:00', timestamp '2020-01-01 02:00:00', interval '1' hour), sequence(date '2020-01-03', date '2020-01-01')", [['[2020-01-01, 2020-01-02, 2020-01-03]', '[2020-01-01, 2020-01-03, 2020-01-05]', '[2020-01-31, 2020-02-29, 2020-03-31, 2020-04-30]', '[2020-01-03, 2020-01-02, 2020-01-01]', '[2020-01-01 00:00:00, 2020-01-01 01:00:00, 2020-01-01 02:00:00]', '[2020-01-03, 2020-01-02, 2020-01-01]']]),
    ("SELECT sequence(1,5), sequence(5,1), sequence(1,10,3), sequence(10,1,-4), sequence(1,1), sequence(bigint '1', 3)", [['[1, 2, 3, 4, 5]', '[5, 4, 3, 2, 1]', '[1, 4, 7, 10]', '[10, 6, 2]', '[1]', '[1, 2, 3]']]),
    ("SELECT human_readable_seconds(100), last_day_of_month(timestamp '2020-02-10 10:00:00'), last_day_of_month(timestamp '2020-02-10 10:00:00 UTC')", [['1 minute, 40 seconds', '2020-02-29', '2020-02-29']]),
    ("SELECT timestamp '2020-01-01 00:00:00' + interval '1' month - interval '1' day, date '2020-01-01' + interval '1' day * 3", [['2020-01-31 00:00:00.000', '2020-01-04']]),
    ("SELECT CAST(interval '1' day AS varchar), CAST(interval '14' month AS varchar)", [['1 00:00:00.000', '1-2']]),
    ("SELECT timestamp '1969-12-31 23:59:59.999', to_unixtime(timestamp '1969-12-31 23:59:59.5'), date_trunc('hour', timestamp '1969-12-31 23:59:59.999'), from_unixtime(-0.001e0)", [['1969-12-31 23:59:59.999', '-0.5', '1969-12-31 23:00:00.000', '1969-12-31 23:59:59.999 UTC']]),
    ('WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n+1 FROM t WHERE n<4) SELECT sum(n) FROM t', [['10']]),
    ('WITH RECURSIVE t(n, f) AS (SELECT 1, 1 UNION ALL SELECT n+1, f*(n+1) FROM t WHERE n<5) SELECT * FROM t ORDER BY n', [['1', '1'], ['2', '2'], ['3', '6'], ['4', '24'], ['5', '120']]),
    ('WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM t WHERE n < 10) SELECT count(*) FROM t', [['10']]),
    ('WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM t WHERE n < 11) SELECT count(*) FROM t', [['11']]),
    ('WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT n+1 FROM t WHERE n<4) SELECT * FROM t ORDER BY n', [['1'], ['2'], ['3'], ['4']]),
    ('WITH RECURSIVE t(n) AS (SELECT 1) SELECT * FROM t', [['1']]),
    ("WITH RECURSIVE t(n, p) AS (SELECT 1, CAST('1' AS varchar) UNION ALL SELECT c.a, p || '/' || CAST(c.a AS varchar) FROM (VALUES (2,1),(3,1),(4,2)) c(a,b), t WHERE c.b=t.n) SELECT * FROM t ORDER BY 1", [['1', '1'], ['2', '1/2'], ['3', '1/3'], ['4', '1/2/4']]),
    ("SELECT map_union(m) FROM (VALUES map(ARRAY['a'],ARRAY[1]), map(ARRAY['b'],ARRAY[2])) t(m)", [['{a=1, b=2}']]),
    ('SELECT map_agg(x, transform(a, e -> e + 1)), array_distinct(array_agg(cardinality(filter(a, e -> e > 1)))) FROM (VALUES (1,ARRAY[1,2])) t(x,a)', [['{1=[2, 3]}', '[1]']]),
    ("SELECT length(normalize('é', NFD)), length(normalize('é', NFC)), normalize('ﬁ', NFKC)", [['2', '1', 'fi']]),
    ("SELECT CAST('2020-01-01 10:00:00 America/New_York' AS timestamp)", [['2020-01-01 10:00:00.000']]),
    ("SELECT time '01:02:03' + interval '1' hour, time '01:02:03' - interval '90' minute, interval '1' second + time '23:59:59'", [['02:02:03.000', '23:32:03.000', '00:00:00.000']]),
]
ERRORS = [
    ('SELECT m FROM (VALUES MAP(ARRAY[1],ARRAY[2])) t(m) ORDER BY m', 'TYPE_MISMATCH: line 1:61: Type map(integer, integer) is not orderable'),
    ('SELECT ARRAY[m] FROM (VALUES MAP(ARRAY[1],ARRAY[2])) t(m) ORDER BY 1', 'TYPE_MISMATCH: line 1:68: Type array(map(integer, integer)) is not orderable'),
    ('SELECT m FROM (VALUES MAP(ARRAY[1],ARRAY[2])) t(m) UNION ALL SELECT NULL ORDER BY 1', 'TYPE_MISMATCH: line 1:83: Type map(integer, integer) is not orderable'),
    ('SELECT row_number() OVER (ORDER BY m) FROM (VALUES MAP(ARRAY[1],ARRAY[2])) t(m)', 'TYPE_MISMATCH: line 1:36: Type map(integer, integer) is not orderable'),
    ('SELECT max(m) FROM (VALUES MAP(ARRAY[1],ARRAY[2])) t(m)', 'NOT_SUPPORTED: line 1:8: The function max(map(integer, integer))'),
    ('SELECT sum(x) FROM (VALUES 1,2) t(x) WHERE sum(x) > 1', 'EXPRESSION_NOT_SCALAR: WHERE or JOIN clause cannot contain aggregations'),
    ('SELECT x FROM (VALUES 1,2) t(x) GROUP BY sum(x)', 'EXPRESSION_NOT_SCALAR: GROUP BY clause cannot contain aggregations'),
    ('SELECT transform(ARRAY[1], x -> sum(x))', 'EXPRESSION_NOT_SCALAR: Lambda expression cannot contain aggregations'),
    ('SELECT sum(sum(x)) FROM (VALUES 1,2) t(x)', 'NESTED_AGGREGATION: Cannot nest aggregations'),
    ('SELECT sum(row_number() OVER ()) FROM (VALUES 1,2) t(x)', 'NESTED_WINDOW: Cannot nest window functions'),
    ('SELECT row_number() OVER (ORDER BY row_number() OVER ()) FROM (VALUES 1,2) t(x)', 'NESTED_WINDOW: Cannot nest window functions'),
    ('SELECT grouping(x) FROM (VALUES 1) t(x)', 'MISSING_GROUP_BY: A GROUPING() operation can only be used'),
    ("SELECT CAST('2020-13-01' AS date)", "INVALID_CAST_ARGUMENT: Cannot cast '2020-13-01' to date"),
    ("SELECT TRY_CAST('10000-01-01' AS date)", 'NOT_SUPPORTED: A date before year 1 or after year 9999'),
    ("SELECT TRY(CAST('-0001-01-01 00:00:00' AS timestamp))", 'NOT_SUPPORTED: A date before year 1 or after year 9999'),
    ('SELECT ROW(1,NULL)<ROW(1,2)', 'NOT_SUPPORTED: ROW comparison not supported for fields with null eleme'),
    ('SELECT ARRAY[1,NULL]<ARRAY[1,2]', 'NOT_SUPPORTED: ARRAY comparison not supported for arrays with null ele'),
    ('SELECT contains(ARRAY[ROW(1,NULL)], ROW(1,NULL))', 'NOT_SUPPORTED: contains does not support arrays with elements that are'),
    ('SELECT contains(ARRAY[ARRAY[1,NULL]], ARRAY[1,NULL])', 'NOT_SUPPORTED: contains does not support arrays with elements that are'),
    ('SELECT count(*) FROM (VALUES ROW(ROW(1,NULL))) t(a) WHERE a IN (SELECT b FROM (VALUES ROW(ROW(1,NULL))) u(b))', 'TYPE_MISMATCH: line 1:59: Value expression and result of subquery must'),
    ('SELECT ROW(1,2) IN (SELECT ROW(x,y) FROM (VALUES (1,2)) t(x,y))', 'TYPE_MISMATCH: line 1:8: Value expression and result of subquery must '),
    ('SELECT -2147483648 - 1', 'NUMERIC_VALUE_OUT_OF_RANGE: Overflow in subtraction of INT32 (-2147483'),
    ("SELECT CAST('1.005' AS decimal(10,2)), CAST('  1' AS integer), CAST('1.5' AS double), CAST('1e3' AS double), CAST('-.5' AS double), CAST('1e2' AS decimal(5,0))", "INVALID_CAST_ARGUMENT: Cannot cast '  1' to integer"),
    ("SELECT CAST(' 1 ' AS bigint)", "INVALID_CAST_ARGUMENT: Cannot cast ' 1 ' to bigint"),
    ('SELECT CAST(12345 AS varchar(3))', "INVALID_CAST_ARGUMENT: Cannot cast '12345' to varchar(3)"),
    ('SELECT CAST(true AS varchar(3))', "INVALID_CAST_ARGUMENT: Cannot cast 'true' to varchar(3)"),
    ('SELECT CAST(1.5e0 AS varchar(2))', "INVALID_CAST_ARGUMENT: Cannot cast '1.5E0' to varchar(2)"),
    ("SELECT CAST(DECIMAL '1.50' AS varchar(3))", "INVALID_CAST_ARGUMENT: Cannot cast '1.50' to varchar(3)"),
    ("SELECT CAST(date '2020-01-01' AS varchar(5))", "INVALID_CAST_ARGUMENT: Cannot cast '2020-01-01' to varchar(5)"),
    ('SELECT random(-1)', 'INVALID_FUNCTION_ARGUMENT: bound must be positive'),
    ('SELECT random(0)', 'INVALID_FUNCTION_ARGUMENT: bound must be positive'),
    ('SELECT x, lag(x,-1) OVER (ORDER BY x) FROM (VALUES 1,2,3) t(x)', 'INVALID_FUNCTION_ARGUMENT: Offset must be at least 0'),
    ('SELECT DISTINCT x FROM (VALUES 1,2) t(x) ORDER BY x+1', 'EXPRESSION_NOT_IN_DISTINCT: line 1:51: For SELECT DISTINCT, ORDER BY e'),
    ("SELECT slice(ARRAY[1,2,3,4],2,2), slice(ARRAY[1,2,3],-2,2), slice(ARRAY[1,2,3],2,10), slice(ARRAY[1,2,3],5,2), flatten(ARRAY[ARRAY[1],ARRAY[2,NULL],NULL]), reverse(ARRAY[1,2]), repeat('a',3), repeat(NULL,2), repeat(1,0), repeat(1,-1)", 'INVALID_FUNCTION_ARGUMENT: count argument of repeat function must be g'),
    ('SELECT slice(ARRAY[1,2,3],0,2)', 'INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1'),
    ('SELECT slice(ARRAY[1,2,3],1,-2)', 'INVALID_FUNCTION_ARGUMENT: length must be greater than or equal to 0'),
    ("SELECT lpad('a',-1,'x')", 'INVALID_FUNCTION_ARGUMENT: Target length must be in the range [0..2147'),
    ("SELECT split('abc','')", 'INVALID_FUNCTION_ARGUMENT: The delimiter may not be the empty string'),
    ("SELECT codepoint('ab')", 'INVALID_FUNCTION_ARGUMENT: Input string must be a single character str'),
    ("SELECT codepoint('')", 'INVALID_FUNCTION_ARGUMENT: Input string must be a single character str'),
    ("SELECT 'a' LIKE 'a#b' ESCAPE '#'", 'INVALID_FUNCTION_ARGUMENT: line 1:8: Escape character must be followed'),
    ("SELECT regexp_extract('abc','(b)',2)", 'INVALID_FUNCTION_ARGUMENT: Pattern has 1 groups. Cannot access group 2'),
    ("SELECT url_decode('%zz')", 'INVALID_FUNCTION_ARGUMENT: URLDecoder: Illegal hex characters in escap'),
    ("SELECT from_hex('abc')", 'INVALID_FUNCTION_ARGUMENT: invalid input length 3'),
    ("SELECT date '2020-01-01' + interval '1' hour", 'INVALID_FUNCTION_ARGUMENT: Cannot add hour, minutes or seconds to a da'),
    ('SELECT sequence(3,1,1)', 'INVALID_FUNCTION_ARGUMENT: sequence stop value should be greater than '),
    ('SELECT sequence(1,3,0)', 'INVALID_FUNCTION_ARGUMENT: step must not be zero'),
    ('SELECT sequence(1,20000)', 'INVALID_FUNCTION_ARGUMENT: result of sequence function must not have m'),
    ('WITH RECURSIVE t(n) AS (VALUES 1 UNION ALL SELECT n+1 FROM t) SELECT * FROM t', "NOT_SUPPORTED: Recursion depth limit exceeded (10). Use 'max_recursion_depth' session property to modify the limit."),
    ('WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM t WHERE n < 12) SELECT count(*) FROM t', "NOT_SUPPORTED: Recursion depth limit exceeded (10). Use 'max_recursion_depth' session property to modify the limit."),
    ('WITH RECURSIVE t AS (SELECT 1) SELECT * FROM t', 'MISSING_COLUMN_ALIASES: line 1:16: missing column aliases in recursive WITH query'),
    ('WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM t a JOIN t b USING (n)) SELECT * FROM t', 'INVALID_RECURSIVE_REFERENCE: line 1:69: multiple recursive references'),
    ('WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT 2 WHERE EXISTS (SELECT * FROM t)) SELECT * FROM t', 'INVALID_RECURSIVE_REFERENCE: line 1:81: recursive reference outside of'),
    ('WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n+1.5 FROM t WHERE n<4) SELECT * FROM t', 'TYPE_MISMATCH: line 1:32: recursion step relation output type (double)'),
    ("SELECT json_object('a' VALUE 1)", "NOT_SUPPORTED: json_object with 'VALUE' at line 1"),
    ("SELECT json_value('{}', 'lax $.a' RETURNING integer DEFAULT 1 ON EMPTY)", "NOT_SUPPORTED: json_value with 'RETURNING' at line 1"),
    ('SELECT json_array(1, 2)', 'NOT_SUPPORTED: line 1:8: The function json_array'),
    ('SELECT skewness(x) FROM (VALUES 1) t(x)', 'NOT_SUPPORTED: line 1:8: The function skewness'),
    ('SELECT (SELECT 1, 2)', 'NOT_SUPPORTED: line 1:16: A subquery of several columns'),
    ('SELECT current_schema', 'NOT_SUPPORTED: line 1:8: current_schema'),
    ("SELECT date '10000-01-01'", 'NOT_SUPPORTED: A date before year 1 or after year 9999'),
    ("SELECT CAST(x AS timestamp) FROM (VALUES '-0001-01-01 00:00:00') t(x)", 'NOT_SUPPORTED: A date before year 1 or after year 9999'),
    ("SELECT date '9999-12-31' + interval '1' day", 'NOT_SUPPORTED: A date before year 1 or after year 9999'),
    ("SELECT ARRAY[timestamp '0001-01-01 00:00:00' - interval '1' day]", 'NOT_SUPPORTED: A date before year 1 or after year 9999'),
    ("SELECT CAST(x AS timestamp with time zone) FROM (VALUES '2020-01-01 10:00:00 UTC') t(x)", 'NOT_SUPPORTED: line 1:13: CAST to timestamp(3) with time zone of a text'),
    ('SELECT transform(ARRAY[1], z -> z + max(cardinality(filter(a, e -> e > 1)))) FROM (VALUES (1,ARRAY[1,2])) t(x,a)', "NOT_SUPPORTED: An aggregate of a lambda's answer within another lambda"),
    ('SELECT x FROM (VALUES 3,1,2) t(x) ORDER BY x LIMIT 2 OFFSET 1', "line 1:54: mismatched input 'OFFSET'"),
    ('SELECT x FROM (VALUES 3,1,2) t(x) LIMIT 1, 2', "line 1:42: mismatched input ','"),
    ('SELECT ARRAY[] || ARRAY[1]', 'AMBIGUOUS_FUNCTION_CALL: line 1:'),
    ('SELECT CAST(1 AS float)', 'TYPE_NOT_FOUND: line 1:18: Unknown type: float'),
    ('SELECT CAST(1 AS numeric)', 'TYPE_NOT_FOUND: line 1:18: Unknown type: numeric'),
    ('SELECT CAST(1 AS text)', 'TYPE_NOT_FOUND: line 1:18: Unknown type: text'),
    ('SELECT x FROM (VALUES 1) t(x) GROUP BY DISTINCT ROLLUP(x)', 'NOT_SUPPORTED: line 1:40: GROUP BY DISTINCT'),
]


@pytest.fixture(scope="module")
def connection() -> Any:
    found = connected(500, 2)
    yield found
    found.close()


def rows(connection: Any, sql: str) -> list[list[str | None]]:
    statement = read(sql)
    found = translated(statement.sql, statement.node, lambda *_: pytest.fail("no tables here"))
    try:
        table = connection.sql(found.sql).to_arrow_table()
    except duckdb.Error as error:
        raise as_query_error(error) from error
    writers = [writer(kind) for kind in found.types]
    found_rows = zip(*map(values.values, table.columns), strict=True)
    return [[None if v is None else w(v) for v, w in zip(row, writers, strict=True)] for row in found_rows]


@pytest.mark.parametrize(("sql", "expected"), ANSWERS)
def test_an_answer_is_trinos(connection: Any, sql: str, expected: list[list[str | None]]) -> None:
    assert rows(connection, sql) == expected


@pytest.mark.parametrize(("sql", "told"), ERRORS)
def test_what_trino_refuses_is_refused(connection: Any, sql: str, told: str) -> None:
    with pytest.raises((QueryError, MalformedQueryError)) as raised:
        rows(connection, sql)
    assert str(raised.value).startswith(told)
