"""What must hold for any network, any data and any order of events; and that any nonsense raises a ValueError."""

import base64
import tracemalloc
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tinymlp as tm
from tinymlp.activations import ACTIVATIONS
from tinymlp.codes import PREFIX, _checksum, decode, encode
from tinymlp.losses import LOSSES

PATIENT = settings(deadline=None, max_examples=60)


@st.composite
def cases(draw, leading=False):
    """Draw (params, X, y) that fit together."""
    output, loss = draw(st.sampled_from(list(LOSSES)))
    sizes = tuple(draw(st.lists(st.integers(1, 4), min_size=2, max_size=5)))
    net = tm.MLP(sizes, hidden=draw(st.sampled_from(list(ACTIVATIONS))), output=output, loss=loss)
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    axes = tuple(draw(st.lists(st.integers(1, 3), max_size=2))) if leading else ()
    samples = draw(st.integers(1, 5))
    X = rng.normal(size=(samples, sizes[0]))
    y = rng.integers(2, size=(samples, sizes[-1])).astype(float)
    if output == "softmax":
        y = np.eye(sizes[-1])[rng.integers(sizes[-1], size=samples)]
    return net.init(rng, axes) * draw(st.floats(0, 100)), X, y


@PATIENT
@given(cases(leading=True))
def test_shapes_follow_from_the_plan_and_the_leading_axes(case):
    params, X, y = case
    net, leading, samples = params.net, params.leading, len(X)
    trace = tm.forward(params, X)
    assert [z.shape for z in trace.z] == [(*leading, samples, size) for size in net.sizes[1:]]
    assert tm.sample_losses(trace, y).shape == (*leading, samples)
    assert tm.loss(trace, y).shape == leading
    grads = tm.backward(trace, y)
    assert grads.flat.shape == (*leading, net.count)
    assert all(grads[name].shape == leading + shape for name, shape in net.shapes.items())


@PATIENT
@given(cases())
def test_the_loss_and_gradient_are_means_over_samples(case):
    params, X, y = case
    trace = tm.forward(params, X)
    each = [tm.forward(params, X[n : n + 1]) for n in range(len(X))]
    losses = [tm.loss(t, y[n : n + 1]) for n, t in enumerate(each)]
    grads = [tm.backward(t, y[n : n + 1]).flat for n, t in enumerate(each)]
    scale = max(abs(np.array(grads)).max(), 1e-300)
    # The rounding error of a z in the thousands is the relative error of e^z, and so of a loss or a p - y near 0.
    np.testing.assert_allclose(tm.loss(trace, y), np.mean(losses), rtol=1e-9)
    np.testing.assert_allclose(tm.backward(trace, y).flat, np.mean(grads, axis=0), rtol=0, atol=1e-9 * scale)


@PATIENT
@given(cases())
def test_no_call_changes_what_it_was_given(case):
    params, X, y = case
    kept = X.copy(), y.copy(), params.flat.copy()
    trace = tm.forward(params, X)
    tm.momentum_step(params, params.net.zeros(), tm.backward(trace, y), 0.1, 0.9)
    for before, after in zip(kept, (X, y, params.flat), strict=True):
        np.testing.assert_array_equal(before, after)


EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("step"), st.integers(0, 4)),
        st.tuples(st.just("back"), st.integers(0, 4)),
        st.tuples(st.just("set"), st.integers(0, 10), st.floats(-3, 3)),
        st.tuples(st.just("eta"), st.floats(0, 3)),
        st.tuples(st.just("gamma"), st.floats(0, 1)),
        st.tuples(st.just("rule"), st.sampled_from(list(tm.momentum.RULES))),
        st.tuples(st.just("undo")),
        st.tuples(st.just("redo")),
        st.tuples(st.just("reset")),
    ),
    max_size=12,
)


def play(run, events):
    """Apply these events to a run, and return it."""
    for name, *values in events:
        if name == "set":
            run.set(*run.problem.net.entries[values[0]], values[1])
        elif name == "rule":
            run.rule = tm.momentum.RULES[values[0]]
        elif name in ("eta", "gamma"):
            setattr(run, name, values[0])
        else:
            getattr(run, name)(*values)
    return run


def snapshot(run):
    """Return all that a run holds, exact to the bit."""
    states = [run.at(t) for t in range(run.end + 1)]
    flats = [(m.params.flat.tobytes(), m.velocity.flat.tobytes(), m.eta, m.gamma, m.rule) for m in states]
    return run.t, run.losses_on_record.tobytes(), flats


@PATIENT
@given(EVENTS, st.integers(0, 6))
def test_going_back_and_forth_is_reproducible_after_any_events(events, n):
    run = play(tm.Run(tm.worked_example()), events)
    run.goto(run.end)
    before = snapshot(run)
    assert snapshot(run.back(n).goto(run.end)) == before


@PATIENT
@given(EVENTS)
def test_a_change_and_its_undo_leave_all_as_it_was(events):
    run = play(tm.Run(tm.worked_example()), events)
    before = snapshot(run)
    run.end_gesture()
    run.set("b2", (0, 0), float(run.params.b2[0, 0]) + 1.0)
    assert snapshot(run) != before
    assert snapshot(run.undo()) == before
    run.reset()
    assert snapshot(run.undo()) == before


@PATIENT
@given(
    EVENTS,
    st.sampled_from([tm.Training(), tm.Training(batch=2, seed=5, l2=0.01), tm.Training(l1=0.1, free=[("W1", (0, 0))])]),
)
def test_a_share_code_brings_a_run_back_to_the_bit(events, training):
    run = play(tm.Run(tm.worked_example(), training=training), events)
    restored = tm.Run.from_code(run.code())
    assert snapshot(restored) == snapshot(run)
    assert snapshot(restored.step(3)) == snapshot(run.step(3))
    assert restored.training == training


# Nonsense ------------------------------------------------------------------------------------------------------------

THINGS = [
    None,
    True,
    "",
    "x",
    b"x",
    0,
    -1,
    3.5,
    np.nan,
    np.inf,
    1e400,
    1j,
    [],
    [[]],
    [[1, 2, 3]],
    [[1], [2]],
    {},
    object(),
    [[1, 2], [3]],
    np.zeros(3),
    np.zeros((3, 0)),
    np.zeros((0, 3)),
    np.zeros((3, 1)),
    np.zeros((1, 3)),
    np.zeros((2, 3, 3)),
    np.ones((3, 1), bool),
    np.array([["a"]]),
    np.array([[None]]),
    np.full((3, 1), np.nan),
    np.ma.masked_all((3, 1)),
    np.array(["2020"], dtype="M8[D]"),
    range(3),
    {1, 2},
]


def test_ten_thousand_pieces_of_nonsense_get_a_value_error_or_a_finite_answer():
    problem = tm.worked_example()
    net, params, trace = problem.net, problem.params, tm.forward(problem.params, problem.X)
    grads = tm.backward(trace, problem.y)
    arrays = {name: params[name] for name in net.shapes}
    calls = [
        lambda a, b: tm.forward(params, a).p,
        lambda a, b: tm.loss(trace, a),
        lambda a, b: tm.backward(trace, a).flat,
        lambda a, b: tm.momentum_step(params, grads, grads, a, b)[0].flat,
        lambda a, b: tm.momentum.nesterov_step(params, grads, grads, 0.1, a)[0].flat,
        lambda a, b: net.params(**arrays | {"W1": a, "b1": b}).flat,
        lambda a, b: tm.Params(net, a).flat,
        lambda a, b: (params * a).flat,
        lambda a, b: (params + a).flat,
        lambda a, b: params.replace("W1", a, b).flat,
        lambda a, b: params.replace(a, (0, 0), b).flat,
        lambda a, b: net.zeros(a).flat,
        lambda a, b: tm.MLP(a, hidden=b).count,
        lambda a, b: tm.MLP((2, 1), output=a, loss=b).count,
        lambda a, b: tm.Problem(net, a, b, params, 0.1, 0.9).X,
        lambda a, b: tm.Problem(net, problem.X, problem.y, params, a, b).eta,
        lambda a, b: tm.Training(batch=a, l2=b).l2,
        lambda a, b: tm.Training(seed=a, free=b).seed,
        lambda a, b: tm.Run(problem).step(a).t if not isinstance(a, int) or a < 9 else 0,
        lambda a, b: tm.Run(problem).set("W1", a, b).loss,
        lambda a, b: tm.Run(problem, rule=a, training=b).t,
        lambda a, b: tm.Run.from_code(a).t,
        lambda a, b: tm.problems.problem(a, b).X,
        lambda a, b: tm.problems.moons(n=a, noise=b).X if not isinstance(a, int) else 0,
        lambda a, b: tm.sweep.loss_curve(problem, ("W1", (0, 0)), a, budget=b),
        lambda a, b: tm.sweep.many_runs(problem, 2, eta=a, gamma=b).losses,
        lambda a, b: tm.check_gradient(params, a, b).error,
    ]
    rng, refused, clear = np.random.default_rng(0), 0, True
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for n in range(10_000):
            call = calls[n % len(calls)]
            a, b = (THINGS[k] for k in rng.integers(len(THINGS), size=2))
            try:
                answer = call(a, b)
            except ValueError as error:
                refused += 1
                clear = clear and len(str(error)) > 10
            except Exception as error:
                pytest.fail(f"call {n % len(calls)} with {a!r} and {b!r}: {error!r}")
            else:
                assert np.isfinite(np.asarray(answer, dtype=float)).all(), (n % len(calls), a, b)
    assert refused > 5_000
    assert clear


def test_damaged_codes_are_refused_and_cost_little():
    run = tm.Run(tm.worked_example()).step(20)
    code, rng = run.code(), np.random.default_rng(0)
    for n in range(400):
        letters = list(code)
        for place in rng.integers(4, len(code), size=1 + n % 3):
            letters[place] = "AZaz09-_."[rng.integers(9)]
        damaged = "".join(letters)[: None if n % 2 else int(rng.integers(len(code)))]
        if damaged != code:
            with pytest.raises(ValueError, match="code"):
                tm.Run.from_code(damaged)
    assert tm.Run.from_code(f"  {code[:50]}\n{code[50:]}\n").params == run.params


def hostile_codes():
    """Return texts whose checksum is right and whose content is not."""
    run = tm.Run(tm.worked_example()).step(3)
    good = decode(run.code())
    changes = [
        {"end": 10**9},
        {"t": 10**9},
        {"end": -1},
        {"t": "now"},
        {"net": [[10**9, 10**9, 1], "silu", "sigmoid", "cross_entropy"]},
        {"net": [[3, 2, 1], "__import__('os')", "sigmoid", "cross_entropy"]},
        {"net": None},
        {"start": []},
        {"start": [1e308] * 11},
        {"data": [[[1]], [[1]], None, None]},
        {"data": None},
        {"rule": "os.system"},
        {"rule": []},
        {"states": [[10**6, *good["states"][0][1:]]]},
        {"states": [[1] * 7]},
        {"states": [good["states"][0]] * 500},
        {"states": [good["states"][-1], good["states"][0]] * 500},
        {"states": "abc"},
        {"training": [None, 0, 0, 0, [["W9", [0, 0]]]]},
        {"training": [0.5, 0, 0, 0, None]},
        {"problem": ["0.1", 0.9, "x", [], []]},
        {"problem": [0.1, 0.9, {"a": 1}, [], []]},
        {"problem": [0.1, 0.9, "x", [1, 2, 3], []]},
    ]
    yield from (encode(good | change) for change in changes)
    for junk in ([], {}, "text", 5, None, [[]] * 1000):
        yield encode(junk)


def test_hostile_codes_are_refused_within_fifty_megabytes():
    bombs = [
        b"[" * 900_000,
        b"[" + b"[]," * 300_000 + b"[]]",
        b" " * 400_000_000,
        b'{"a":' * 100_000,
        b"9" * 900_000,
        b"[NaN]",
    ]
    texts = [base64.urlsafe_b64encode(zlib.compress(bomb, 9)).decode().rstrip("=") for bomb in bombs]
    codes = [
        *hostile_codes(),
        *(f"{PREFIX}{text}.{_checksum(text)}" for text in texts),
        PREFIX + "A" * 10_000_000,
        "tm1.",
        "",
    ]
    del bombs, texts
    for code in codes:
        tracemalloc.start()
        with pytest.raises(ValueError, match="expected"):
            tm.Run.from_code(code)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 50e6, code[:60]


def test_the_longest_run_that_can_be_shared_is_restored_within_the_bound():
    run = tm.Run(tm.worked_example()).step(4_000)
    code = run.code()
    tracemalloc.start()
    restored = tm.Run.from_code(code)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert restored.params == run.params
    assert peak < 50e6
    with pytest.raises(ValueError, match="half a second"):
        run.step(2_000).code()
