# The tests append this cell to every executed lesson: it does to each panel what a learner could do.
import ipywidgets as w

from tinymlp.widgets import ExerciseCard, FadedTable, FlawedCard, Panel, PredictionCard


def tinymlp_smoke():
    def leaves(widget):
        return [x for child in widget.children for x in leaves(child)] if hasattr(widget, "children") else [widget]

    def check(panel, what):
        text, run = panel.describe(), panel.run
        assert f"t = {run.t}, eta = " in text, f"after {what} the text says:\n{text}"
        assert "nan" not in text.lower(), f"after {what} the text says:\n{text}"
        assert run.losses.shape == (run.t + 1,)
        assert panel.picture.status.endswith("."), f"after {what} the page says: {panel.picture.status}"
        assert "nan" not in panel.picture.status.lower(), f"after {what} the page says: {panel.picture.status}"
        touched.append(what)

    def draw(card):
        (panel,) = [x for x in others if isinstance(x, Panel) and x.after is card.prediction]
        (tile,) = [tile.name for tile in panel.tiles.values() if tile.drawing]
        for event in ({"pointed": {"x": 0.6, "y": 0.4, "end": True}}, {"nudged": {"right": 1, "up": 1}}):
            ((what, where),) = event.items()
            before = panel.look.guess
            panel.picture._heard(None, {what: where | {"tile": tile}}, [])
            assert panel.look.guess != before

    touched, others = [], list(w.widgets.widget._instances.values())
    for card in [x for x in others if isinstance(x, PredictionCard)]:
        card.lock.click()
        assert not card.prediction.locked or card.prediction.kind == "number"
        if card.prediction.options:
            card.guess.value = card.prediction.options[-1]
        elif card.prediction.drawn:
            draw(card)
        card.sure.value = 70
        card.lock.click()
        assert card.prediction.locked
        card.tell.click()
        assert "You said" in card.describe()
        if card.why:
            card.why.reason.value = card.prediction.why.options[0]
            card.why.answer.click()
            assert card.prediction.why.guess in card.describe()
        touched.append("a prediction")
    for table in [x for x in others if isinstance(x, FadedTable)]:
        for count in (0, len(table.sheet.cells), 8):
            table.blank.value = count
            assert f"{count} are blank" in table.describe()
        for field in table.grid.children:
            if not field.disabled:
                field.value = "0,5"
        for button in [x for x in leaves(table) if isinstance(x, w.Button)]:
            button.click()
        touched.append("a faded table")
    for card in [x for x in others if isinstance(x, FlawedCard)]:
        for field in (card.part, card.cell, card.reason):
            if not field.disabled:
                field.value = field.options[-1][1]
        card.lock.click()
        assert card.is_told
        assert "is written, and" in card.describe()
        card.renew.click()
        touched.append("a flawed sheet")
    for card in [x for x in others if isinstance(x, ExerciseCard)]:
        for button in [x for x in leaves(card) if isinstance(x, w.Button)]:
            button.click()
            assert card.task.name in card.said.value
        touched.append("an exercise")
    panels = [x for x in w.widgets.widget._instances.values() if isinstance(x, Panel)]
    for panel in panels:
        for widget in leaves(panel):
            if isinstance(widget, w.Button):
                for _ in range(3):
                    widget.click()
                    check(panel, widget.description)
            elif isinstance(widget, w.Play):
                widget.value += 1
                check(panel, "Play")
            elif isinstance(widget, w.Dropdown):
                for place in range(len(widget.options)):
                    widget.index = place
                    check(panel, widget.description)
            elif isinstance(widget, w.Checkbox):
                for value in (True, False):
                    widget.value = value
                    check(panel, widget.description)
            elif isinstance(widget, w.FloatSlider | w.IntSlider | w.BoundedFloatText | w.BoundedIntText):
                for value in (widget.min, widget.max, (widget.min + widget.max) // 2):
                    widget.value = value
                    check(panel, widget.description or "a slider")
        for view in panel.views.values():
            picks = list(view.picks.items())
            for gid, entry in picks[:: 1 + len(picks) // 20]:  # of a network with hundreds of weights, every so many
                panel.picture._heard(None, {"picked": gid}, [])
                assert panel.look.chosen == entry
                check(panel, gid)
        for word in ("step", "back"):
            panel.picture._heard(None, {"go": word}, [])
            check(panel, word)
    return len(panels), len(touched)


print("smoke: {} panels, {} events".format(*tinymlp_smoke()))
